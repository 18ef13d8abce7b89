package io.holdfast.sidecar;

import io.holdfast.sidecar.core.Clock;
import io.holdfast.sidecar.settings.BadSettingException;
import io.holdfast.sidecar.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** Where the sidecar begins: settings from the environment, and an exit code. */
public final class SidecarMain {

    /** It was started with arguments that it does not know. */
    static final int USAGE = 64;

    /** A port is taken. */
    static final int UNAVAILABLE = 69;

    /** A setting cannot be used. */
    static final int CONFIGURATION = 78;

    private static final String USAGE_TEXT = "usage: java -jar holdfast-sidecar.jar [--check]; the settings are"
            + " variables of the environment: HOLDFAST_ENDPOINTS, HOLDFAST_ELECTION and those of"
            + " docs/guides/sidecar.md";

    private SidecarMain() {}

    /** Runs until SIGTERM; {@code --check} only checks the settings. */
    public static void main(String[] arguments) {
        int code = run(arguments, System.getenv(), System.err);
        if (code >= 0) {
            System.exit(code);
        }
    }

    /** Starts; returns an exit code, or -1 when it runs. */
    static int run(String[] arguments, Map<String, String> environment, PrintStream err) {
        boolean check = arguments.length == 1 && arguments[0].equals("--check");
        if (arguments.length > 0 && !check) {
            err.println(USAGE_TEXT);
            boolean asked = arguments[0].equals("--help") || arguments[0].equals("-h");
            return asked ? 0 : USAGE;
        }
        try {
            Settings settings = Settings.read(environment, host(environment));
            for (String name : Settings.unknown(environment)) {
                err.println("holdfast-sidecar: " + name + " is no setting of the sidecar, and is ignored");
            }
            if (check) {
                settings.client().close();
                err.println("holdfast-sidecar: the settings can be used");
                return 0;
            }
            Sidecar sidecar = new Sidecar(settings, Clock.SYSTEM);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sidecar), "holdfast-end"));
            sidecar.start();
            return -1;
        } catch (BadSettingException e) {
            err.println("holdfast-sidecar: " + e.getMessage());
            return CONFIGURATION;
        } catch (IOException e) {
            err.println("holdfast-sidecar: " + e.getMessage());
            return UNAVAILABLE;
        }
    }

    /** An orderly end is no failure, whatever signal asked for it. */
    private static void end(Sidecar sidecar) {
        try {
            sidecar.terminate();
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static String host(Map<String, String> environment) {
        String name = environment.getOrDefault("HOSTNAME", "");
        try {
            return name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}

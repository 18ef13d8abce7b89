package io.holdfast.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.look.Texts;
import io.javaoperatorsdk.operator.OperatorException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the process until a signal ends it. A process that cannot start prints the reason in one line on the standard
 * error output, and ends.
 */
@QuarkusMain
public final class Main {

    /** As the server's: correct the setting that the message names. */
    static final int BAD_CONFIGURATION = 64;

    private static final String KINDS_AND_NUMBERS = "^([a-z]+\\.)+[A-Z]\\w*: |\\b[A-Z]{4,6}\\d{4,6}: ";

    private Main() {}

    public static void main(String... args) {
        // Before anything logs.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        // It would say its version while settings are read, when there is no log yet.
        Logger validator = Logger.getLogger("org.hibernate.validator.internal.util.Version");
        validator.setLevel(Level.WARNING);
        try {
            Quarkus.run(null, (code, failure) -> System.exit(exitCode(code, failure, System.err)), args);
        } finally {
            // A logger that is collected forgets its level.
            Reference.reachabilityFence(validator);
        }
    }

    /** Says why the start failed: the log may not have been there yet, or not any more. */
    static int exitCode(int code, @Nullable Throwable failure, PrintStream err) {
        if (failure == null) {
            return code;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefused || cause instanceof ConfigurationException) {
                err.println(Texts.line(cause));
                return BAD_CONFIGURATION;
            }
            if (cause instanceof ConfigValidationException invalid) {
                err.println(Texts.line(problems(invalid)));
                return BAD_CONFIGURATION;
            }
            if (cause instanceof KubernetesClientException) {
                err.println(Texts.line("the API server does not do what the start needs: " + Texts.line(cause)));
                return code;
            }
            if (cause instanceof OperatorException && cause.getCause() == null) {
                err.println(Texts.line(cause));
                return code;
            }
        }
        failure.printStackTrace(err);
        return code;
    }

    private static String problems(ConfigValidationException invalid) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            lines.add(String.valueOf(invalid.getProblem(i).getMessage()).replaceAll(KINDS_AND_NUMBERS, ""));
        }
        return String.join("; ", lines);
    }
}

package io.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says which version this is; asks no server. */
@Command(name = "version", description = "Print the version of this command.")
final class VersionCommand implements Callable<Integer> {

    private final Invocation invocation;

    VersionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        String java = System.getProperty("java.vm.name") + " " + Runtime.version();
        if (invocation.options().form() == GlobalOptions.Form.JSON) {
            invocation.shell().out().println("{\"version\":\"" + version() + "\",\"java\":\"" + java + "\"}");
        } else {
            invocation.shell().out().println("holdfast " + version() + " on " + java);
        }
        return ExitCode.OK;
    }

    static String version() {
        try (InputStream file = VersionCommand.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}

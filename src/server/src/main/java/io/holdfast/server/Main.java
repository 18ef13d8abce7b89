package io.holdfast.server;

import io.holdfast.server.replica.ExitCode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import org.jspecify.annotations.Nullable;

/** Runs a node until it is told to stop, and ends the process with a code that says why. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        Quarkus.run(null, (code, failure) -> System.exit(exitCode(code, failure)), args);
    }

    private static int exitCode(int code, @Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException || cause instanceof ConfigValidationException) {
                return ExitCode.BAD_CONFIGURATION.code();
            }
        }
        return code;
    }
}

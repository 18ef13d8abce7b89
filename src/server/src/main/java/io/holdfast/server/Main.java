package io.holdfast.server;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.offline.OfflineCommands;
import io.holdfast.server.replica.ExitCode;
import io.holdfast.server.replica.ProcessEnd;
import io.holdfast.server.replica.StartFailure;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/**
 * Runs a node until it is told to stop, a command on files or a rehearsal, and ends the process with a code that says
 * why.
 */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        if (OfflineCommands.isNamed(args)) {
            // The one of a node; what a command uses asks for it first, and would complain of another.
            System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
            System.exit(new OfflineCommands(System::currentTimeMillis, System.out, System.err, System.getenv())
                    .run(args)
                    .code());
        }
        // Sessions that clients resume end with it: a certificate that was revoked comes back for no longer.
        System.setProperty("jdk.tls.server.sessionTicketTimeout", "3600");
        // Addresses of peers move: what the name service says is asked at every dial, and so is what it did not know.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        if (Rehearsal.isNamed(args)) {
            Rehearsal.run(System.err, args);
            return;
        }
        Quarkus.run(null, (code, failure) -> System.exit(exitCode(code, failure)), args);
    }

    /** Says why the start failed: the log may not have been there yet, or not any more. */
    static int exitCode(int code, @Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartFailure refused) {
                System.err.println(refused.getMessage());
                return refused.code().code();
            }
            ExitCode known = codeOf(cause);
            if (known != null) {
                System.err.println(ProcessEnd.message(cause, known));
                return known.code();
            }
        }
        return code;
    }

    private static @Nullable ExitCode codeOf(Throwable cause) {
        if (cause instanceof ConfigurationException
                || cause instanceof ConfigValidationException
                || cause instanceof BadConfiguration) {
            return ExitCode.BAD_CONFIGURATION;
        }
        return cause instanceof BindException ? ExitCode.PORT_UNAVAILABLE : null;
    }
}

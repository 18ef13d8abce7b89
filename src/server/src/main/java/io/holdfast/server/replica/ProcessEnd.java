package io.holdfast.server.replica;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.zab.log.DirectoryNotAccessibleException;
import io.holdfast.zab.log.DirectoryRefusedException;
import io.holdfast.zab.log.LogCorruptException;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.node.NoEnsembleException;
import io.quarkus.runtime.Quarkus;
import java.net.BindException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds the exit code of a failure, and ends the process when the node cannot go on. */
public final class ProcessEnd {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int CAUSES_MAX = 20;

    private ProcessEnd() {}

    /** Returns the exit code for a failure, by the first of its causes that says something. */
    public static ExitCode codeOf(Throwable failure, ExitCode otherwise) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            ExitCode code = codeOf(cause);
            if (code != null) {
                return code;
            }
            cause = cause.getCause();
        }
        return otherwise;
    }

    private static @Nullable ExitCode codeOf(Throwable cause) {
        if (cause instanceof BadConfiguration || cause instanceof NoEnsembleException) {
            return ExitCode.BAD_CONFIGURATION;
        } else if (cause instanceof DirectoryRefusedException) {
            return ExitCode.DIRECTORY_REFUSED;
        } else if (cause instanceof DirectoryNotAccessibleException) {
            return ExitCode.DIRECTORY_NOT_ACCESSIBLE;
        } else if (cause instanceof LogCorruptException || cause instanceof SnapshotDamagedException) {
            return ExitCode.LOG_CORRUPT;
        } else if (cause instanceof BindException) {
            return ExitCode.PORT_UNAVAILABLE;
        }
        return null;
    }

    /** Returns one message for people: what happened and what to do next. */
    public static String message(Throwable failure, ExitCode code) {
        String what = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String sentence = what.endsWith(".") ? what : what + ".";
        return "Holdfast stops (exit code " + code.code() + "): " + sentence + " " + code.advice();
    }

    /** Ends the process of a node that could not start when the application had. */
    public static void now(StartFailure failure) {
        LOG.fatal(failure.getMessage());
        Quarkus.asyncExit(failure.code().code());
    }

    /**
     * Returns what to tell when the node fails while it runs: the process then ends in order if it can, and by force if
     * that takes too long. Called when the node starts, not when it fails.
     */
    static Consumer<Throwable> ofNode() {
        ForcedEnd forced = ForcedEnd.start(GRACE, Runtime.getRuntime()::halt);
        return cause -> nodeFailed(cause, forced);
    }

    private static void nodeFailed(Throwable cause, ForcedEnd forced) {
        ExitCode code = codeOf(cause, ExitCode.NODE_FAILED);
        // First: whatever broke the node may break what follows, too.
        forced.due(code);
        LOG.fatal(message(cause, code), cause);
        Quarkus.asyncExit(code.code());
    }
}

package io.holdfast.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command ends with an exit code and one line that says why and what to do. */
public final class CommandException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /**
     * Creates one.
     *
     * @param exitCode as in {@link ExitCode}
     * @param line for people
     */
    public CommandException(int exitCode, String line, @Nullable Throwable cause) {
        super(line, cause);
        this.exitCode = exitCode;
    }

    /** The command line, a setting or a file that it names is wrong. */
    public static CommandException usage(String line) {
        return new CommandException(ExitCode.USAGE, line, null);
    }

    /** The answer is "no". */
    public static CommandException refused(String line) {
        return new CommandException(ExitCode.REFUSED, line, null);
    }

    /** This machine does not do what is needed. */
    public static CommandException failed(String line, @Nullable Throwable cause) {
        return new CommandException(ExitCode.FAILED, line, cause);
    }

    /** As in {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}

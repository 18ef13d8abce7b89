package io.holdfast.server.offline;

import io.holdfast.server.replica.ExitCode;

/** A command did nothing; the message says why and what to do next. Without a stack trace: it is for operators. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    CommandException(ExitCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static CommandException failed(String message) {
        return new CommandException(ExitCode.COMMAND_FAILED, message);
    }

    static CommandException usage(String message) {
        return new CommandException(ExitCode.BAD_CONFIGURATION, message);
    }

    ExitCode code() {
        return code;
    }
}

package io.holdfast.server.replica;

/** The node could not start; the message says why and what to do next. Without a stack trace: it is for operators. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    StartFailure(String message, ExitCode code) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns one of a port that is in use, or that this process may not open. */
    public static StartFailure portUnavailable(String problem) {
        return new StartFailure(
                ProcessEnd.message(new IllegalStateException(problem), ExitCode.PORT_UNAVAILABLE),
                ExitCode.PORT_UNAVAILABLE);
    }

    /** Returns what the process ends with. */
    public ExitCode code() {
        return code;
    }
}

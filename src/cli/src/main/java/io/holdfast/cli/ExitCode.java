package io.holdfast.cli;

/** What the process ends with. */
public final class ExitCode {

    /** Done, or "yes". */
    public static final int OK = 0;

    /** "No", or the server refused it. */
    public static final int REFUSED = 1;

    /** The command line, a setting or a file that it names is wrong; nothing was sent. */
    public static final int USAGE = 64;

    /** No node could be reached, or none could serve; nothing was done. */
    public static final int UNAVAILABLE = 69;

    /** A defect, or a failure of this machine such as a full disk. */
    public static final int FAILED = 70;

    /** The request was sent, and what became of it is not known. */
    public static final int UNKNOWN = 75;

    /** The server does not know the caller, or does not permit the call. */
    public static final int NOT_PERMITTED = 77;

    private ExitCode() {}
}

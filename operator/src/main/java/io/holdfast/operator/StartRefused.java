package io.holdfast.operator;

/**
 * The process cannot do what it is there for; the message says why and what to do, in one line. Without a stack trace:
 * it is for admins.
 */
public final class StartRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public StartRefused(String line) {
        super(line, null, false, false);
    }
}

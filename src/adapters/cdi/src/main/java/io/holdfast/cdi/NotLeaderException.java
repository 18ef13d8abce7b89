package io.holdfast.cdi;

import java.io.Serial;

/** This application does not lead, or must stop leading: the method was not run. */
public final class NotLeaderException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one. */
    public NotLeaderException(String message) {
        super(message);
    }
}

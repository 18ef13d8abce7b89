package io.holdfast.camel;

import java.io.Serial;

/** This member does not lead, or must stop leading: the effect that an exchange was about to have is not its own. */
public final class NotLeaderException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one. */
    public NotLeaderException(String message) {
        super(message);
    }
}

package io.holdfast.api;

import java.io.IOException;
import java.io.Serial;

/** A document is not what the API says: no JSON, cut off, of another type, out of range, too deep or too long. */
public final class MalformedJsonException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one with the place and what is wrong there. */
    public MalformedJsonException(String message) {
        super(message);
    }

    /** Creates one for what the parser refused. */
    MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}

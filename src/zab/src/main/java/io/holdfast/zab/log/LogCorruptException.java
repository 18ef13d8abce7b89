package io.holdfast.zab.log;

import java.io.IOException;

/**
 * What may have been acknowledged cannot be read back. Nothing was cut; the message says what, where, and what an
 * operator does.
 */
public final class LogCorruptException extends IOException {

    private static final long serialVersionUID = 1L;

    LogCorruptException(String message) {
        super(message);
    }

    LogCorruptException(String message, Throwable cause) {
        super(message, cause);
    }
}

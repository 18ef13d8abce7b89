package io.holdfast.zab.log;

import java.io.IOException;

/**
 * What may have been acknowledged cannot be read back. Nothing was cut; the message says what and where, and what never
 * to do.
 */
public final class LogCorruptException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final String ADVICE = " It may have been acknowledged, so nothing was cut or changed."
            + " Do not start this server with an empty directory under its old id:"
            + " it would vote without what it acknowledged.";

    LogCorruptException(String message) {
        super(message + ADVICE);
    }

    LogCorruptException(String message, Throwable cause) {
        super(message + ADVICE, cause);
    }
}

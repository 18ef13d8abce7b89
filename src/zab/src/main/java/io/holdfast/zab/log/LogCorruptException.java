package io.holdfast.zab.log;

import java.io.IOException;

/**
 * What may have been acknowledged cannot be read back. Nothing was cut; the message says what, where, and what an
 * operator does.
 */
public final class LogCorruptException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final String ADVICE = " It may have been acknowledged, so nothing was cut or changed."
            + " Move the whole data directory aside and start this server with an empty one:"
            + " it takes the state from the other members, from a snapshot. Keep the old directory until then.";

    LogCorruptException(String message) {
        super(message + ADVICE);
    }

    LogCorruptException(String message, Throwable cause) {
        super(message + ADVICE, cause);
    }
}

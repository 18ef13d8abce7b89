package io.holdfast.zab.log;

import java.io.IOException;

/**
 * A write, fsync or rename of the log failed: the process must stop at once and start again through recovery
 * (protocol.md#disk-errors).
 */
public final class LogFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    LogFailedException(String message) {
        super(message);
    }

    LogFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}

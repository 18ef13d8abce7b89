package io.holdfast.zab.log;

import java.io.IOException;

/** A snapshot was not begun, or given up, because the disk has no room for it. The log is not touched. */
public final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
        super(message);
    }

    NoRoomException(String message, Throwable cause) {
        super(message, cause);
    }
}

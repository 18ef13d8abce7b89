package io.holdfast.zab.log;

import java.io.IOException;

/** A snapshot file is not what was written, or not of this cluster or position. Nothing of it may be used. */
public final class SnapshotDamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    SnapshotDamagedException(String message) {
        super(message);
    }

    SnapshotDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}

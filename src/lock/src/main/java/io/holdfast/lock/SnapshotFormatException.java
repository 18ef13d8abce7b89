package io.holdfast.lock;

import java.io.IOException;

/** A snapshot of the table is damaged, cut off, or of a version this release does not know. */
public final class SnapshotFormatException extends IOException {

    private static final long serialVersionUID = 1;

    SnapshotFormatException(String message) {
        super(message);
    }
}

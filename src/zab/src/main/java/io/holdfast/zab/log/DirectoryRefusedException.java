package io.holdfast.zab.log;

import java.io.IOException;

/**
 * The data directory is in use by another process, belongs to another cluster or server, or was used with a newer
 * version of the peer protocol. Nothing that it holds was changed.
 */
public final class DirectoryRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Says why in words, and what to do. */
    public DirectoryRefusedException(String message) {
        super(message);
    }
}

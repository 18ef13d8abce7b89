package io.holdfast.zab.log;

import java.io.IOException;

/**
 * The data directory is in use by another process, or belongs to another cluster or server. Nothing in it was changed.
 */
public final class DirectoryRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    public DirectoryRefusedException(String message) {
        super(message);
    }
}

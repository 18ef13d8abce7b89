package io.holdfast.zab.log;

import java.io.IOException;

/** A file is no backup, or not a whole one, or of a release that this one does not know. Nothing of it may be used. */
public final class BackupRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    BackupRefusedException(String message) {
        super(message);
    }
}

package io.holdfast.zab.log;

import java.io.IOException;

/** The process may not read or write the data directory, or a file in it. Nothing that it holds was changed. */
public final class DirectoryNotAccessibleException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message names the path, its owner and mode, and the user of the process. */
    DirectoryNotAccessibleException(String message, IOException cause) {
        super(message, cause);
    }
}

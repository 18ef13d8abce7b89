package io.holdfast.zab.node;

import java.io.IOException;

/**
 * The data directory is new and the settings name no ensemble that it may found or join. Nothing was written into it.
 */
public final class NoEnsembleException extends IOException {

    private static final long serialVersionUID = 1L;

    NoEnsembleException(String message) {
        super(message);
    }
}

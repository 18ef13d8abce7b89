package io.holdfast.zab.core.state;

/**
 * This server's state contradicts the protocol; its host stops the process and keeps the data directory for inspection.
 */
public final class BrokenInvariantException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    BrokenInvariantException(String message) {
        super(message);
    }
}

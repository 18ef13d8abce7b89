package io.holdfast.client.spi;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request had no answer. */
public final class TransportException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final boolean sent;

    /**
     * Creates one.
     *
     * @param sent whether the node may have got the request; false only when it certainly did not
     */
    public TransportException(String message, boolean sent, @Nullable Throwable cause) {
        super(message, cause);
        this.sent = sent;
    }

    /** Whether the node may have got the request. */
    public boolean sent() {
        return sent;
    }
}

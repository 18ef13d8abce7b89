package io.holdfast.client.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An answer that is read piece by piece; nothing is read ahead of what is asked for but one piece. Any thread. */
public interface TransportStream extends AutoCloseable {

    /** The HTTP status. */
    int status();

    /** The first value of a header, by its name in any case. */
    Optional<String> header(String name);

    /**
     * Reads on; not before the last call has completed.
     *
     * @param silence how long it may take
     * @return the next bytes, 64 KiB or so at most; none when the answer is complete. Fails with a
     *     {@link TransportException}, after which there is nothing more
     */
    CompletableFuture<byte[]> next(Duration silence);

    /** Ends it, with its connection if there is more to come. */
    @Override
    void close();
}

package io.holdfast.server.stream;

import io.holdfast.server.history.EventFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one reader asks for.
 *
 * @param filter which changes
 * @param since the revision after which it reads, packed; null for now
 * @param batch null for a stream that goes on until somebody ends it
 */
public record StreamTerms(
        EventFilter filter, @Nullable Long since, @Nullable Batch batch) {

    /**
     * A stream that ends once it has something and has all there is.
     *
     * @param poll how long it waits for something
     * @param limit changes after which it ends
     */
    public record Batch(Duration poll, int limit) {}
}

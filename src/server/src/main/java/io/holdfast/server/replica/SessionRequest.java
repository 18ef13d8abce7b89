package io.holdfast.server.replica;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a new session is to be.
 *
 * @param idempotencyKey a second request with the same key answers the session of the first, so a retry is safe; null
 *     for none. 1 to 128 characters
 * @param ttl how long it lives without keepalive; null for the configured default. Outside the configured bounds it is
 *     brought to the nearer one, and the answer says so
 * @param name for people and for listings by prefix, at most 512 characters; may be empty
 * @param metadata a JSON object as text, at most 4 KiB; empty for none
 * @param lockDelay how long its locks stay closed when it was not kept alive, 0 to 60 s
 */
public record SessionRequest(
        @Nullable String idempotencyKey, @Nullable Duration ttl, String name, String metadata, Duration lockDelay) {

    /** Makes one without a lock-delay. */
    public SessionRequest(@Nullable String idempotencyKey, @Nullable Duration ttl, String name, String metadata) {
        this(idempotencyKey, ttl, name, metadata, Duration.ZERO);
    }
}

package io.holdfast.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a session of its own is to be.
 *
 * @param name for people; 512 characters at most
 * @param ttl how long it lives without being confirmed, 1 s to 24 h; null for that of the client
 * @param lockDelay how long its locks stay closed after it expired, 60 s at most; null for that of the client
 */
public record SessionOptions(
        String name, @Nullable Duration ttl, @Nullable Duration lockDelay) {

    /** Checks the bounds. */
    public SessionOptions {
        ClientBuilder.requireName(name);
        if (ttl != null) {
            ClientBuilder.requireTtl(ttl);
        }
        if (lockDelay != null) {
            ClientBuilder.requireLockDelay(lockDelay);
        }
    }

    /** A session like all of the client, with this name. */
    public static SessionOptions named(String name) {
        return new SessionOptions(name, null, null);
    }

    /** The same with this ttl. */
    public SessionOptions withTtl(Duration time) {
        return new SessionOptions(name, time, lockDelay);
    }

    /** The same with this lock-delay. */
    public SessionOptions withLockDelay(Duration time) {
        return new SessionOptions(name, ttl, time);
    }
}

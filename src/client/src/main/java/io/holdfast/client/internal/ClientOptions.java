package io.holdfast.client.internal;

import io.holdfast.client.Credential;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client was built with.
 *
 * @param endpoints base URI of each node
 * @param ttl of its sessions
 * @param grace as in {@link LeaseTerms}
 * @param lockDelay of its sessions
 * @param name of its sessions
 * @param credential what the ensemble knows it by
 */
public record ClientOptions(
        List<URI> endpoints,
        Duration ttl,
        @Nullable Duration grace,
        Duration lockDelay,
        String name,
        Credential credential) {

    LeaseTerms terms() {
        return new LeaseTerms(ttl.toMillis(), grace == null ? null : grace.toMillis());
    }
}

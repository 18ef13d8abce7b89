package io.holdfast.client.internal;

import io.holdfast.client.Credential;
import io.holdfast.client.OnOverrun;
import io.holdfast.client.OnStop;
import io.holdfast.client.spi.ClientObserver;
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
 * @param discover whether nodes that the ensemble names are asked too
 * @param observer is told what the client does
 * @param onStop what happens to work that must stop
 * @param onOverrun what happens when work runs on although its lease is over
 */
public record ClientOptions(
        List<URI> endpoints,
        Duration ttl,
        @Nullable Duration grace,
        Duration lockDelay,
        String name,
        Credential credential,
        boolean discover,
        ClientObserver observer,
        OnStop onStop,
        OnOverrun onOverrun) {

    /** Plain ones. */
    static ClientOptions of(List<URI> endpoints, Duration ttl, String name) {
        return new ClientOptions(
                endpoints,
                ttl,
                null,
                Duration.ZERO,
                name,
                anew -> "",
                false,
                ClientObserver.NONE,
                OnStop.INTERRUPT,
                OnOverrun.LOG);
    }

    /** Terms of a session with this ttl. */
    LeaseTerms terms(Duration sessionTtl) {
        return new LeaseTerms(sessionTtl.toMillis(), grace == null ? null : grace.toMillis());
    }
}

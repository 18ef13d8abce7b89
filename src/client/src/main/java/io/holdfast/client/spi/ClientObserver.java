package io.holdfast.client.spi;

import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.SessionState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is told what a client does: for metrics, traces and logs. All but {@link #headers()} is called on threads of the
 * client, which wait for it: it must be quick and not block. What it throws is logged.
 */
public interface ClientObserver {

    /** Observes nothing. */
    ClientObserver NONE = new ClientObserver() {};

    /**
     * One request to one node, and what became of it.
     *
     * @param method of HTTP
     * @param route the path with {@code {name}} and {@code {id}} in place of what varies
     * @param node base URI of the node
     * @param status of HTTP; 0 when there was no answer
     * @param took from its sending to the end of its answer
     */
    record Exchange(String method, String route, String node, int status, Duration took) {}

    /** How an acquisition ended. */
    enum Outcome {
        /** It has a lease. */
        GRANTED,
        /** It was not granted in time. */
        NOT_GRANTED,
        /** It was withdrawn: cancelled, interrupted, or the client is closed. */
        WITHDRAWN,
        /** The ensemble refused it, or could not be asked. */
        FAILED
    }

    /**
     * Headers for all requests of the operation that the calling thread begins, such as {@code traceparent}. Those of
     * the client itself cannot be replaced. What a client does for all of its leases together has none.
     */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** A request was answered, or was not. */
    default void call(Exchange exchange) {}

    /** An acquisition ended after it waited so long. */
    default void waited(LockRequest what, Duration wait, Outcome outcome) {}

    /** Something is held from now on. */
    default void acquired(Lease lease) {}

    /** It is held no more: released, or lost. */
    default void ended(Lease lease, Duration held, Loss how) {}

    /**
     * A session came into a state.
     *
     * @param from null for one that is in use from now on; one that nothing uses any more is {@code CLOSED}
     */
    default void session(String id, @Nullable SessionState from, SessionState to) {}

    /** Work under locks ran on at the end of their lease. */
    default void overrun(List<String> locks) {}
}

package io.holdfast.server.replica;

import java.util.List;

/**
 * A session as a node knows it.
 *
 * @param id how requests name it
 * @param name as given
 * @param metadata a JSON object as text, as given; empty for none
 * @param ttlMs how long it lives without keepalive
 * @param ttlMinMs least ttl that this service gives
 * @param ttlMaxMs most ttl that this service gives
 * @param ttlLeftMs time left on the leader's lease clock; -1 when this node does not lead and so does not know
 * @param lockDelayMs how long its locks stay closed when it was not kept alive
 * @param owner principal that it belongs to; empty for one that a level below 3 opened
 * @param grants what it holds and waits for, oldest first
 * @param fresh whether this very request opened it, as opposed to an earlier one with the same key
 */
public record SessionView(
        String id,
        String name,
        String metadata,
        long ttlMs,
        long ttlMinMs,
        long ttlMaxMs,
        long ttlLeftMs,
        long lockDelayMs,
        String owner,
        List<GrantView> grants,
        boolean fresh) {

    /** Returns the same session with some of its grants. */
    SessionView with(List<GrantView> some) {
        return with(some, fresh);
    }

    /** Returns the same session as the answer to a request that opened it, or found it open. */
    SessionView opened(boolean now) {
        return with(grants, now);
    }

    private SessionView with(List<GrantView> some, boolean now) {
        return new SessionView(id, name, metadata, ttlMs, ttlMinMs, ttlMaxMs, ttlLeftMs, lockDelayMs, owner, some, now);
    }
}

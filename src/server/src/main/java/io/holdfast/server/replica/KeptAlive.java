package io.holdfast.server.replica;

import java.util.List;

/**
 * The answer to the keepalive of one session, given after the leader confirmed it with a quorum round (zab.md 2.12,
 * T2).
 *
 * @param session whose lease it is
 * @param state whether the session is alive
 * @param ttlMs the lease runs this long, from the moment the client SENT its request; 0 unless alive
 * @param grants what it holds and waits for; empty unless alive
 * @param attachId of the process whose connections keep it alive; empty when none said one
 */
public record KeptAlive(String session, State state, long ttlMs, List<GrantView> grants, String attachId) {

    /** What became of the session. */
    public enum State {
        ALIVE,
        /** Known here and over: expired or closed. */
        ENDED,
        /** Never heard of, or ended so long ago that it is forgotten. */
        UNKNOWN
    }
}

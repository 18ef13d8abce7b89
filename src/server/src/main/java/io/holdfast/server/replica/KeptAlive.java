package io.holdfast.server.replica;

import java.util.List;

/**
 * The state of one session: the answer to its keepalive, given after the leader confirmed it with a quorum round
 * (protocol.md#t2), or to a read that leaves its lease alone.
 *
 * @param session that the lease is of
 * @param state whether the session is alive
 * @param ttlMs a lease runs this long, from the moment the client SENT its last keepalive; 0 unless alive
 * @param grants what it holds and waits for, if that was asked for; empty unless alive
 * @param noticed those of what it holds that it must know something about, whether asked for or not
 * @param more how many grants were asked for and are left out for want of room
 * @param attachId of the process whose connections keep it alive; empty when no process named one
 */
public record KeptAlive(
        String session,
        State state,
        long ttlMs,
        List<GrantView> grants,
        List<GrantView> noticed,
        int more,
        String attachId) {

    /** Grants told in one answer, whatever the number of sessions; and as many with a notice. */
    public static final int GRANTS_TOLD = 1_000;

    /** Makes the answer about a session that is not alive. */
    static KeptAlive gone(String session, State state) {
        return new KeptAlive(session, state, 0, List.of(), List.of(), 0, "");
    }

    /** What became of the session. */
    public enum State {
        ALIVE,
        /** Known here and over: expired or closed. */
        ENDED,
        /** Known here, and another principal's; its lease was not extended. */
        NOT_YOURS,
        /** Never heard of, or ended so long ago that it is forgotten. */
        UNKNOWN
    }
}

package io.holdfast.server.replica;

/**
 * What a node shows of itself to probes and metrics; at most a tick old.
 *
 * @param role {@code leader}, {@code follower}, {@code observer} or {@code looking}
 * @param phase the protocol phase, in lower case
 * @param synced whether it is in step with a leader
 * @param epoch the epoch it adopted last
 * @param applied last transaction applied
 * @param committed last transaction known as committed
 * @param leaderAgeMs milliseconds since it last heard a leader that a quorum follows; -1 when it never did
 * @param beatAgeMs milliseconds since its event loop last ran a tick
 * @param outstanding proposals of this leader that are not committed
 * @param pending requests of this node's clients without an answer
 * @param elections how often it looked for a leader since it started
 * @param sessions open sessions
 * @param held grants that hold a lock
 * @param waiting tickets in line
 * @param polls requests held by this node
 * @param generation of its ensemble, in milliseconds since 1970; before that is founded one of its own
 */
public record ReplicaState(
        String role,
        String phase,
        boolean synced,
        long epoch,
        Revision applied,
        Revision committed,
        long leaderAgeMs,
        long beatAgeMs,
        int outstanding,
        int pending,
        long elections,
        int sessions,
        int held,
        int waiting,
        int polls,
        long generation) {}

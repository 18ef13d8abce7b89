package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Heartbeat rounds of an established leader: which of them a quorum answered, and so at what time this leader was still
 * one (protocol.md#failure-detection, protocol.md#reads).
 */
final class QuorumRounds {

    private record Round(long number, long begunAt) {}

    private final Replica replica;
    private final Learners learners;

    /** Rounds that no quorum answered yet; bounded, since a leader steps down when the oldest is too old. */
    private final Deque<Round> open = new ArrayDeque<>();

    private long confirmed;
    private long confirmedBegunAt;

    /** Begins when a quorum has just adopted the leader's history, which confirms the leader like an answer does. */
    QuorumRounds(Replica replica, Learners learners) {
        this.replica = replica;
        this.learners = learners;
        this.confirmed = learners.round();
        this.confirmedBegunAt = replica.now();
    }

    void begins(long round) {
        open.add(new Round(round, replica.now()));
    }

    /** Returns whether every round begun is confirmed. */
    boolean isIdle() {
        return open.isEmpty();
    }

    /** Returns the newest round that a quorum answered. */
    long confirmed() {
        return confirmed;
    }

    /** Returns when the newest round that a quorum answered began. */
    long confirmedBegunAt() {
        return confirmedBegunAt;
    }

    /** Counts again after an answer; returns whether a newer round is confirmed. */
    boolean count() {
        long reached = replica.quorum().reachedByQuorum(this::answered);
        if (reached <= confirmed) {
            return false;
        }
        confirmed = reached;
        while (!open.isEmpty() && open.peek().number() <= confirmed) {
            confirmedBegunAt = open.remove().begunAt();
        }
        return true;
    }

    /** Returns the last round that a voter answered; a leader answers its own as it begins. */
    private long answered(Member voter) {
        if (replica.isMember(voter)) {
            return learners.round();
        }
        LearnerProgress learner = learners.of(voter.id());
        return learner == null || !learners.has(voter, State.INTRODUCED)
                ? 0
                : Math.min(learners.round(), learner.answeredRound());
    }
}

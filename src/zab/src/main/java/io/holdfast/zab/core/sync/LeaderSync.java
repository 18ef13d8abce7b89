package io.holdfast.zab.core.sync;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LeaderStage;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;

/**
 * Synchronization as the leader sees it (zab.md 2.6): its whole log is the initial history of its epoch, and it serves
 * nobody before a quorum adopted that (P12).
 */
public final class LeaderSync extends LeaderStage {

    private boolean adopted;
    private long quorumSeenAt;

    public LeaderSync(Replica replica, Transitions transitions, Learners learners, Election election, long epoch) {
        super(replica, transitions, learners, election, epoch);
    }

    @Override
    public Phase phase() {
        return Phase.SYNCHRONIZATION;
    }

    @Override
    public void enter() {
        quorumSeenAt = replica.now();
        replica.adopt(epoch);
        for (LearnerProgress learner : learners.copy()) {
            AckEpoch ack = learner.ackEpoch();
            if (learner.state() == State.PROMISED && ack != null) {
                synchronize(learner, ack);
            }
        }
        ping();
    }

    @Override
    public void tick() {
        super.tick();
        // A snapshot takes as long as it takes. Whoever receives one answers heartbeats meanwhile, or is dropped; only
        // a leader that is left alone has nothing to wait for.
        if (learners.isQuorum(State.CONNECTED)) {
            quorumSeenAt = replica.now();
        } else if (replica.isOlder(quorumSeenAt, 2 * replica.config().syncLimitMillis())) {
            transitions.abandon(replica.self(), "no quorum is left to adopt the history");
        }
    }

    /** The leader counts itself only when its own adoption is durable (P6). */
    @Override
    public void persisted(LogRecord record) {
        if (record instanceof LogRecord.AdoptEpoch) {
            adopted = true;
            finishIfQuorum();
        }
    }

    @Override
    protected void learnerSynced(LearnerProgress learner) {
        finishIfQuorum();
    }

    @Override
    protected void answered() {
        // Only adoption counts in this phase.
    }

    @Override
    protected void roundBegins(long round) {
        // Only adoption counts in this phase.
    }

    @Override
    protected long quorumAgeMillis() {
        return 0;
    }

    private void finishIfQuorum() {
        if (adopted && learners.isQuorum(State.SYNCED)) {
            transitions.adopted();
        }
    }
}

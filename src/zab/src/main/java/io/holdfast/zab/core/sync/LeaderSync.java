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
    private long deadline;

    public LeaderSync(Replica replica, Transitions transitions, Learners learners, Election election, long epoch) {
        super(replica, transitions, learners, election, epoch);
    }

    @Override
    public Phase phase() {
        return Phase.SYNCHRONIZATION;
    }

    @Override
    public void enter() {
        progress();
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
        if (replica.now() >= deadline) {
            transitions.abandon(replica.self(), "no quorum adopted the history in time");
        } else {
            super.tick();
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
        progress();
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
        if (adopted && quorum().isQuorum(learners.atLeast(State.SYNCED))) {
            transitions.adopted();
        }
    }

    private void progress() {
        deadline = replica.in(replica.config().initLimitMillis());
    }
}

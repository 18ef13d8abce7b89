package io.holdfast.zab.core.sync;

import io.holdfast.zab.core.Link;
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
 * Synchronization as the leader sees it (protocol.md#synchronization): its whole log is the initial history of its
 * epoch, and it serves no request before a quorum adopted that (protocol.md#p12).
 */
public final class LeaderSync extends LeaderStage {

    /** For so many init limits no voter may have stored more than any attempt with it did before. */
    private static final int PROGRESS_INIT_LIMITS = 3;

    private boolean adopted;
    private long quorumSeenAt;
    private final Furthest furthest = new Furthest();

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
        furthest.begin(replica.now());
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
        // A snapshot may take long, and its receiver reports progress; a leader that is left alone has nothing
        // to
        // wait for, nor has one whose learners come no further.
        for (LearnerProgress learner : learners.all()) {
            if (learners.isVoter(learner)) {
                furthest.look(learner, replica.now());
            }
        }
        long limit = PROGRESS_INIT_LIMITS * replica.config().initLimitMillis();
        if (replica.isOlder(furthest.movedAt(), limit)) {
            transitions.abandon(replica.self(), "no voter came any further for more than " + limit + " ms");
        } else if (learners.isQuorum(State.CONNECTED)) {
            quorumSeenAt = replica.now();
        } else if (replica.isOlder(quorumSeenAt, 2 * replica.config().syncLimitMillis())) {
            transitions.abandon(replica.self(), "no quorum is left to adopt the history");
        }
    }

    /** One that comes and fails at once, and waits then, is there between two ticks only. */
    @Override
    public boolean accepted(Link link) {
        boolean welcome = super.accepted(link);
        if (learners.isQuorum(State.CONNECTED)) {
            quorumSeenAt = replica.now();
        }
        return welcome;
    }

    /** The leader counts itself only when its own adoption is durable (protocol.md#p6). */
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

package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;

/**
 * Brings learners to this server's history and keeps an eye on them (zab.md 2.6, 2.9): for a leader its learners, for a
 * follower that relays its observers.
 */
public final class Feeder {

    private final Replica replica;
    private final Learners learners;
    private final long epoch;

    public Feeder(Replica replica, Learners learners, long epoch) {
        this.replica = replica;
        this.learners = learners;
        this.epoch = epoch;
    }

    /**
     * Sends a learner whose history ends at {@code last} what it lacks up to {@code cut}; not before it has waited
     * after an attempt that failed, so the caller asks again.
     */
    public void synchronize(LearnerProgress learner, Zxid last, Position cut) {
        if (!learners.mayBegin(learner)) {
            return;
        }
        begin(learner, SyncPlan.of(replica.history(), replica.snapshot(), last), cut);
    }

    /** The learner does not have what its synchronization began from: further back, or a snapshot. */
    public void refused(LearnerProgress learner, SyncPlan plan, SyncNack nack, Position cut) {
        learner.heard(replica.now());
        if (plan.isLast()) {
            // It has committed what this history lacks, and only a snapshot replaces that.
            replica.takeSnapshot();
            learners.drop(
                    learner, "refused " + plan.mode() + " from " + plan.from().zxid());
            return;
        }
        if (nack.at().equals(plan.from().zxid())) {
            replica.effects().trace(new Trace.Diverged(learner.link().peer(), nack.at()));
        }
        begin(learner, plan.refused(replica.history(), replica.snapshot(), nack.at()), cut);
    }

    private void begin(LearnerProgress learner, SyncPlan wanted, Position cut) {
        History history = replica.history();
        SyncPlan plan = wanted.within(
                        history,
                        replica.snapshot(),
                        replica.config().windowTxns(),
                        replica.config().windowBytesMax())
                .upTo(cut);
        Link link = learner.link();
        Position from = plan.from();
        int first = history.firstAfter(from.zxid());
        int end = history.firstAfter(cut.zxid());
        long bytes = 0;
        for (int i = first; i < end; i++) {
            bytes += history.get(i).weight();
        }
        learner.syncing(plan);
        replica.effects().send(link, new SyncBegin(plan.mode(), from.zxid(), from.chainHash(), end - first, bytes));
        if (plan.mode() == SyncMode.SNAP) {
            replica.effects().sendSnapshot(link, from.zxid());
        }
        for (int i = first; i < end; i++) {
            replica.effects().send(link, new SyncTxn(history.get(i)));
        }
        learner.sent(cut.zxid());
        replica.effects().send(link, new NewLeader(epoch, cut.zxid(), cut.chainHash()));
        replica.effects().trace(new Trace.Syncing(link.peer(), plan.mode(), from.zxid(), cut.zxid()));
    }

    /** A learner adopted the history up to {@code cut}. */
    public void adopted(LearnerProgress learner, Zxid cut) {
        learner.synced(cut, replica.now());
        learners.synced(learner);
    }

    /** Sends an observer what was committed since it was sent anything last. */
    public void inform(LearnerProgress observer) {
        if (!observer.isAtLeast(State.SYNCING)) {
            return;
        }
        History history = replica.history();
        for (int i = history.firstAfter(observer.sent()); i < history.size(); i++) {
            Txn txn = history.get(i);
            if (txn.zxid().isAfter(replica.lastCommitted())) {
                return;
            }
            replica.effects().send(observer.link(), new Inform(epoch, txn));
            observer.sent(txn.zxid());
        }
    }

    /**
     * Sends a learner away, to come back and synchronize, that is silent, or answers heartbeats but no longer logs.
     *
     * @param wanted what it should have logged by now
     */
    public void dropIfStuck(LearnerProgress learner, Zxid wanted) {
        long limit = learner.isAtLeast(State.PROMISED)
                ? replica.config().syncLimitMillis()
                : replica.config().initLimitMillis();
        if (learner.state() == State.SYNCED && learner.match().compareTo(wanted) >= 0) {
            learner.caughtUp(replica.now());
        }
        if (replica.isOlder(learner.heardAt(), limit)) {
            learners.drop(learner, "silent for more than " + limit + " ms");
        } else if (learner.state() == State.SYNCED && replica.isOlder(learner.matchMovedAt(), limit)) {
            learners.drop(learner, "has not logged anything for more than " + limit + " ms");
        }
    }
}

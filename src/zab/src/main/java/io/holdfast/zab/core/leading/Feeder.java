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
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import java.util.function.Predicate;

/**
 * Brings learners to this server's history and keeps an eye on them (protocol.md#synchronization,
 * protocol.md#failure-detection): for a leader its learners, for a follower that relays its observers.
 */
public final class Feeder {

    /** From this version of the protocol on learners say what they have stored. */
    private static final int PACED_PROTOCOL = 3;

    /** A learner that is synchronized may store nothing for so many init limits. */
    private static final int PROGRESS_INIT_LIMITS = 3;

    private final Replica replica;
    private final Learners learners;
    private final long epoch;
    private final Zxid initial;
    private final Predicate<LearnerProgress> votes;

    /**
     * Makes the feeder of a leader or of a follower that relays.
     *
     * @param initial end of the epoch's initial history, less than which no learner gets before NEWLEADER; of a
     *     follower that relays {@link Zxid#ZERO}, since all of that is committed
     * @param votes tells which learners get what is proposed; the others get what is committed only
     */
    public Feeder(Replica replica, Learners learners, long epoch, Zxid initial, Predicate<LearnerProgress> votes) {
        this.replica = replica;
        this.learners = learners;
        this.epoch = epoch;
        this.initial = initial;
        this.votes = votes;
    }

    /**
     * Sends a learner whose history ends at {@code last} what it lacks; not before it has waited after an attempt that
     * failed, so the caller asks again.
     */
    public void synchronize(LearnerProgress learner, Zxid last) {
        if (learners.mayBegin(learner)) {
            begin(learner, SyncPlan.of(replica.history(), replica.snapshot(), last));
        }
    }

    /**
     * Returns where the history ends for a learner. An older configuration may have judged that it votes, and its vote
     * may end while it is fed. It must not adopt the epoch with less than the initial history in any case: the next
     * election relies on a server that adopted an epoch having all of that.
     */
    private Position end(LearnerProgress learner) {
        History history = replica.history();
        Zxid committed = replica.lastCommitted();
        return votes.test(learner) ? history.last() : history.floor(committed.isBefore(initial) ? initial : committed);
    }

    /** The learner does not have what its synchronization began from: further back, or a snapshot; or it gives up. */
    public void refused(LearnerProgress learner, SyncPlan plan, SyncNack nack) {
        learner.heard(replica.now());
        if (nack.isFinal()) {
            replica.effects().trace(new Trace.GaveUp(learner.link().peer(), nack.reason()));
            learners.drop(learner, "gives up: " + nack.reason());
            return;
        }
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
        begin(learner, plan.refused(replica.history(), replica.snapshot(), nack.at()));
    }

    private void begin(LearnerProgress learner, SyncPlan wanted) {
        boolean paced = Math.min(learner.protocol(), replica.config().protocolMax()) >= PACED_PROTOCOL;
        Position cut = end(learner);
        SyncPlan plan = limited(wanted, paced).upTo(cut);
        Link link = learner.link();
        Position from = plan.from();
        History history = replica.history();
        int first = history.firstAfter(from.zxid());
        int end = history.firstAfter(cut.zxid());
        long bytes = 0;
        for (int i = first; i < end; i++) {
            bytes += history.get(i).weight();
        }
        long snapshotBytes = SyncBegin.UNPACED;
        Pace pace = null;
        if (paced) {
            snapshotBytes = plan.mode() == SyncMode.SNAP ? replica.effects().snapshotBytes(from.zxid()) : 0;
            pace = new Pace(plan, snapshotBytes, replica.config());
        }
        learner.syncing(plan, pace, replica.now());
        replica.effects().trace(new Trace.Syncing(link.peer(), plan.mode(), from.zxid(), cut.zxid()));
        replica.effects()
                .send(
                        link,
                        new SyncBegin(plan.mode(), from.zxid(), from.chainHash(), end - first, bytes, snapshotBytes));
        learner.sent(from.zxid());
        if (pace == null) {
            sendAll(learner, plan, cut);
        } else {
            keepWhatIsNeeded();
            feed(learner);
        }
    }

    /** A link holds so much only of what is sent at once; who is fed at its pace is sent whatever is less. */
    private SyncPlan limited(SyncPlan plan, boolean paced) {
        Position snapshot = replica.snapshot();
        long window = replica.config().windowBytesMax();
        if (!paced) {
            return plan.within(replica.history(), snapshot, replica.config().windowTxns(), window);
        }
        long file = plan.mode() == SyncMode.SNAP || snapshot.equals(Position.START)
                ? 0
                : replica.effects().snapshotBytes(snapshot.zxid());
        return plan.within(replica.history(), snapshot, Integer.MAX_VALUE, Math.max(window, file));
    }

    private void sendAll(LearnerProgress learner, SyncPlan plan, Position cut) {
        Link link = learner.link();
        History history = replica.history();
        if (plan.mode() == SyncMode.SNAP) {
            replica.effects().sendSnapshot(link, plan.from().zxid(), Long.MAX_VALUE);
        }
        int end = history.firstAfter(cut.zxid());
        for (int i = history.firstAfter(plan.from().zxid()); i < end; i++) {
            replica.effects().send(link, new SyncTxn(history.get(i)));
        }
        learner.sent(cut.zxid());
        replica.effects().send(link, new NewLeader(epoch, cut.zxid(), cut.chainHash()));
    }

    /** A learner that is synchronized has stored something. */
    public void progressed(LearnerProgress learner, SyncProgress progress) {
        Pace pace = learner.pace();
        if (pace == null) {
            return;
        }
        learner.heard(replica.now());
        if (pace.stored(progress, replica.history())) {
            learner.progressed(replica.now());
        }
        feed(learner);
    }

    /**
     * Sends a learner that is fed at its pace what it may be sent now: the snapshot, then the history, then NEWLEADER
     * when it has all of it, and what comes meanwhile.
     */
    private void feed(LearnerProgress learner) {
        Pace pace = learner.pace();
        SyncPlan plan = learner.plan();
        if (pace == null || plan == null || isCutOff(pace)) {
            return;
        }
        if (pace.awaitsSnapshot()) {
            if (pace.snapshotLimit() > 0) {
                replica.effects().sendSnapshot(learner.link(), plan.from().zxid(), pace.snapshotLimit());
            }
            return;
        }
        History history = replica.history();
        Zxid end = end(learner).zxid();
        for (int i = history.firstAfter(learner.sent()); i < history.size(); i++) {
            Txn txn = history.get(i);
            if (txn.zxid().isAfter(end) || !pace.admits(txn)) {
                break;
            }
            replica.effects().send(learner.link(), pace.isComplete() ? news(learner, txn) : new SyncTxn(txn));
            pace.sent(txn);
            learner.sent(txn.zxid());
        }
        if (!pace.isComplete() && !learner.sent().isBefore(end)) {
            pace.completed();
            Position cut = history.floor(learner.sent());
            replica.effects().send(learner.link(), new NewLeader(epoch, cut.zxid(), cut.chainHash()));
        }
    }

    private ReplicationMessage news(LearnerProgress learner, Txn txn) {
        return votes.test(learner) ? new Proposal(txn, replica.lastCommitted()) : new Inform(epoch, txn);
    }

    /** So much was logged meanwhile that the history does not reach back any more to what a learner has. */
    private boolean isCutOff(Pace pace) {
        return pace.needed().isBefore(replica.history().start().zxid());
    }

    /** Has the history kept for those who are fed from it. */
    public void keepWhatIsNeeded() {
        Zxid lowest = null;
        for (LearnerProgress learner : learners.all()) {
            Pace pace = learner.pace();
            if (pace != null
                    && !isCutOff(pace)
                    && (lowest == null || pace.needed().isBefore(lowest))) {
                lowest = pace.needed();
            }
        }
        replica.keepFrom(lowest);
    }

    /** A learner adopted the history up to {@code cut}: from now on it is sent everything as it comes. */
    public void adopted(LearnerProgress learner, Zxid cut) {
        learner.synced(cut, replica.now());
        learners.synced(learner);
        push(learner);
    }

    /** Sends a learner what is new: a voter all that is proposed, an observer what is committed. */
    public void push(LearnerProgress learner) {
        if (learner.pace() != null) {
            feed(learner);
        } else if (votes.test(learner)) {
            propose(learner);
        } else {
            inform(learner);
        }
    }

    /** To a voter that was an observer until now that is also what was not committed when it was one. */
    private void propose(LearnerProgress voter) {
        History history = replica.history();
        for (int i = history.firstAfter(voter.sent()); i < history.size(); i++) {
            replica.effects().send(voter.link(), new Proposal(history.get(i), replica.lastCommitted()));
        }
        voter.sent(replica.lastLogged());
    }

    /** Sends an observer what was committed since it was sent anything last. */
    public void inform(LearnerProgress observer) {
        if (!observer.isAtLeast(State.SYNCING)) {
            return;
        }
        if (observer.pace() != null) {
            feed(observer);
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
        Pace pace = learner.pace();
        long limit = learner.isAtLeast(State.PROMISED)
                ? replica.config().syncLimitMillis()
                : replica.config().initLimitMillis();
        if (learner.state() == State.SYNCED && learner.match().compareTo(wanted) >= 0) {
            learner.caughtUp(replica.now());
        }
        if (replica.isOlder(Math.max(learner.heardAt(), learner.progressAt()), limit)) {
            learners.drop(learner, "silent for more than " + limit + " ms");
        } else if (learner.state() == State.SYNCED && replica.isOlder(learner.matchMovedAt(), limit)) {
            learners.drop(learner, "has not logged anything for more than " + limit + " ms");
        } else if (pace != null) {
            dropIfNotFed(learner, pace);
        }
    }

    private void dropIfNotFed(LearnerProgress learner, Pace pace) {
        long limit = PROGRESS_INIT_LIMITS * replica.config().initLimitMillis();
        if (isCutOff(pace)) {
            learners.drop(learner, "is so slow that what it lacks is not in memory any more");
        } else if (replica.isOlder(learner.progressAt(), limit)) {
            learners.drop(learner, "has not stored anything for more than " + limit + " ms");
        }
    }
}

package io.holdfast.zab.core.discovery;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Plausible;
import io.holdfast.zab.core.state.Replica;
import org.jspecify.annotations.Nullable;

/**
 * Discovery as the elected candidate sees it (protocol.md#discovery): it learns what a quorum promised, has that quorum
 * promise a higher epoch, and makes sure that none of it has a more recent history.
 */
public final class LeaderDiscovery extends Stage {

    private final Learners learners;
    private final Election election;
    private Zxid lastZxid;
    private long currentEpoch;

    /** 0 until a quorum reported. */
    private long epoch;

    private boolean promiseDurable;
    private long deadline;

    /** When a more recent history is fetched, unless a quorum does without; {@link #NEVER} while no voter has one. */
    private long pullAt = NEVER;

    /** Not null while it is being fetched. */
    private @Nullable HistoryPull pull;

    private long pingAt = NEVER;

    public LeaderDiscovery(Replica replica, Transitions transitions, Learners learners, Election election) {
        super(replica, transitions);
        this.learners = learners;
        this.election = election;
        this.lastZxid = replica.lastLogged();
        this.currentEpoch = replica.currentEpoch();
    }

    @Override
    public Role role() {
        return Role.LEADING;
    }

    @Override
    public Phase phase() {
        return Phase.DISCOVERY;
    }

    @Override
    public ServerId leader() {
        return replica.self();
    }

    @Override
    public void enter() {
        progress();
        election.publish(Role.LEADING, 0);
        proposeEpochIfQuorum();
    }

    @Override
    public void leave(String reason) {
        learners.dropAll(reason);
    }

    /** A candidate that was paused finds out that its time is over before it acts on what waited meanwhile. */
    @Override
    public boolean stillValid() {
        HistoryPull fetching = pull;
        if (replica.now() >= deadline) {
            if (fetching == null) {
                transitions.abandon(replica.self(), "no quorum joined in discovery");
            } else {
                failPull("brought nothing more for " + replica.config().initLimitMillis() + " ms");
            }
            return false;
        }
        if (fetching != null
                && replica.isOlder(fetching.source().heardAt(), replica.config().syncLimitMillis())) {
            failPull("is silent for more than " + replica.config().syncLimitMillis() + " ms");
            return false;
        }
        return true;
    }

    @Override
    public void tick() {
        if (pull == null && replica.now() >= pullAt) {
            pullFromMostRecent();
        }
        if (pull != null && replica.now() >= pingAt) {
            ping();
        }
    }

    @Override
    public long nextTick() {
        return Math.min(deadline, pull == null ? pullAt : pingAt);
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (notification.state() != Role.LOOKING || !replica.quorum().isVoter(from, notification.disk())) {
            return;
        }
        if (notification.round() > election.round() && !learners.isQuorumWithout(from)) {
            // A voter changed its mind (ZOOKEEPER-3109): waiting for it would cost the whole limit.
            transitions.abandon("voter " + from + ", without whom there is no quorum, began a new election");
            return;
        }
        election.answer(from, Role.LEADING, 0);
    }

    @Override
    public boolean accepted(Link link) {
        if (!replica.quorum().isVoter(link.peer())) {
            return false;
        }
        if (pull != null && pull.source().link().peer().equals(link.peer())) {
            failPull("opened another link");
            return false;
        }
        learners.add(link);
        return true;
    }

    @Override
    public void disconnected(Link link) {
        if (pull != null && pull.isFrom(link)) {
            failPull("ended the link");
        } else if (learners.on(link) != null) {
            learners.remove(link);
            progress();
        }
    }

    @Override
    public void onFollowerInfo(Link from, FollowerInfo info) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.isAtLeast(State.INTRODUCED)) {
            ignored(from, info, "not the first on a current link");
            return;
        }
        if (!replica.quorum().isVoter(from.peer(), info.diskId())) {
            // Neither its promise nor what it knows counts (protocol.md#lost-or-damaged-disks); it may come back when
            // there is a leader.
            learners.drop(learner, "server " + from.peer() + " has another disk than the voter of that id");
            return;
        }
        if (learners.dropIfTooOld(learner, info.protocol())) {
            progress();
            return;
        }
        if (!Plausible.learner(replica, from.peer(), info, highestEpoch(), true)) {
            learners.drop(learner, "names an epoch or a configuration that no election can have reached");
            progress();
            return;
        }
        if (info.configVersion() > replica.quorum().latest().version() && !mayPullFrom(info.protocol())) {
            transitions.abandon(replica.self(), "server " + from.peer() + " knows a newer configuration");
            return;
        }
        election.heardPromise(info.acceptedEpoch());
        if (epoch != 0 && !info.mayPromise(epoch, replica.self())) {
            transitions.abandon("server " + from.peer() + " promised epoch " + info.acceptedEpoch() + " meanwhile");
            return;
        }
        learner.heard(replica.now());
        learner.introduced(info);
        progress();
        if (promiseDurable) {
            send(from, new LeaderInfo(epoch, replica.self()));
        } else if (epoch == 0) {
            proposeEpochIfQuorum();
        }
    }

    /** Returns the highest epoch that this server knows to be promised, by itself or by others. */
    private long highestEpoch() {
        return Math.max(replica.acceptedEpoch(), election.highestPromise());
    }

    /**
     * Two leaders that fail before they propose must not use one epoch, so it comes from promises, not from the log
     * (protocol.md#f02).
     */
    private void proposeEpochIfQuorum() {
        if (epoch != 0 || !learners.isQuorum(State.INTRODUCED)) {
            return;
        }
        if (highestEpoch() >= Zxid.MAX_EPOCH) {
            transitions.abandon(replica.self(), "there is no epoch after " + highestEpoch() + ": restore a backup");
            return;
        }
        epoch = Math.max(replica.acceptedEpoch(), election.highestPromise()) + 1;
        replica.promise(epoch, replica.self());
    }

    /** The leader names an epoch to others only when its own promise of it is durable (protocol.md#p2). */
    @Override
    public void persisted(LogRecord record) {
        if (record instanceof LogRecord.Promise promise && promise.epoch() == epoch) {
            promiseDurable = true;
            progress();
            for (LearnerProgress learner : learners.all()) {
                if (learner.state() == State.INTRODUCED) {
                    send(learner.link(), new LeaderInfo(epoch, replica.self()));
                }
            }
            finishIfQuorum();
        }
    }

    @Override
    public void onAckEpoch(Link from, AckEpoch ack) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.state() != State.INTRODUCED || ack.epoch() != epoch || !promiseDurable) {
            ignored(from, ack, "no answer to this leader's epoch");
            return;
        }
        if (learner.isAhead()) {
            ignored(from, ack, "said before");
            return;
        }
        if (!Plausible.history(replica, from.peer(), ack)) {
            learners.drop(learner, "says that it has a history of this leader's epoch or a later one");
            progress();
            return;
        }
        learner.heard(replica.now());
        if (!isMoreRecent(ack)
                && learner.configVersion() > replica.quorum().latest().version()) {
            transitions.abandon(replica.self(), "server " + from.peer() + " knows a newer configuration");
        } else if (!isMoreRecent(ack)) {
            learner.promised(ack);
            progress();
            finishIfQuorum();
        } else if (mayPullFrom(learner.protocol())) {
            // Not counted while the quorum is incomplete: what it has beyond this history may be committed.
            learner.ahead(ack);
            progress();
            pullAt = Math.min(pullAt, replica.in(replica.config().finalizeMillis()));
        } else {
            learners.drop(learner, "its history is more recent than that of the elected leader");
        }
    }

    private boolean mayPullFrom(int protocol) {
        return Math.min(protocol, replica.config().protocolMax()) >= ZabConfig.PULL_PROTOCOL;
    }

    // ---- a more recent history ----

    /** Those that are not more recent are no quorum: without the others' history nobody here can lead. */
    private void pullFromMostRecent() {
        pullAt = NEVER;
        LearnerProgress best = null;
        AckEpoch newest = null;
        for (LearnerProgress learner : learners.all()) {
            AckEpoch ack = learner.ackEpoch();
            if (learner.isAhead()
                    && ack != null
                    && (newest == null || order(ack).compareTo(order(newest)) > 0)) {
                best = learner;
                newest = ack;
            }
        }
        if (best != null && newest != null) {
            replica.effects().trace(new Trace.Pulls(best.link().peer(), newest.currentEpoch(), newest.lastZxid()));
            pull = new HistoryPull(replica, best, newest);
            progress();
            ping();
        }
    }

    /** What is fetched takes as long as it takes; the others wait, and must not take this candidate for dead. */
    private void ping() {
        pingAt = replica.in(replica.config().heartbeatMillis());
        Ping ping = new Ping(epoch, learners.round(), replica.lastCommitted(), 0);
        for (LearnerProgress learner : learners.all()) {
            if (learner.ackEpoch() != null) {
                send(learner.link(), ping);
            }
        }
    }

    @Override
    public void onPong(Link from, Pong pong) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || pong.epoch() != epoch) {
            ignored(from, pong, "not of this epoch and link");
            return;
        }
        learner.heard(replica.now());
    }

    @Override
    public void onSyncBegin(Link from, SyncBegin begin) {
        HistoryPull fetching = pulledFrom(from, begin);
        if (fetching != null) {
            failIf(fetching.onSyncBegin(begin));
        }
    }

    @Override
    public void onSnapshotChunk(Link from, SnapshotChunk chunk) {
        HistoryPull fetching = pulledFrom(from, chunk);
        if (fetching != null) {
            fetching.onSnapshotChunk(chunk);
        }
    }

    @Override
    public void snapshotStored(Position at, Configuration configuration) {
        if (pull != null && !failIf(pull.snapshotStored(at, configuration))) {
            pullStored();
        }
    }

    @Override
    public void snapshotRefused(Zxid zxid, String reason) {
        if (pull != null && pull.awaits(zxid)) {
            failPull("sent a snapshot that is not usable: " + reason);
        }
    }

    @Override
    public void onSyncTxn(Link from, SyncTxn message) {
        HistoryPull fetching = pulledFrom(from, message);
        if (fetching != null) {
            failIf(fetching.take(message.txn()));
        }
    }

    @Override
    public void onNewLeader(Link from, NewLeader message) {
        HistoryPull fetching = pulledFrom(from, message);
        if (fetching != null && !failIf(fetching.onEnd(message))) {
            finishPullIfDurable();
        }
    }

    private @Nullable HistoryPull pulledFrom(Link from, ReplicationMessage message) {
        HistoryPull fetching = pull;
        if (fetching == null || !fetching.isFrom(from)) {
            ignored(from, message, "no history is fetched from it");
            return null;
        }
        fetching.source().heard(replica.now());
        deadline = replica.in(replica.config().initLimitMillis());
        return fetching;
    }

    /** Returns whether it failed, which ends this stage. */
    private boolean failIf(@Nullable String reason) {
        if (reason != null) {
            failPull(reason);
        }
        return reason != null;
    }

    private void failPull(String reason) {
        HistoryPull failed = pull;
        transitions.abandon(
                replica.self(),
                "server " + (failed == null ? "?" : failed.source().link().peer()) + ", whose history is more recent, "
                        + reason);
    }

    @Override
    public void persistedBatch() {
        pullStored();
    }

    /** More of the history that is fetched is durable: the fetch as a whole has no limit while it makes progress. */
    private void pullStored() {
        HistoryPull fetching = pull;
        if (fetching != null) {
            deadline = replica.in(replica.config().initLimitMillis());
            fetching.requestMoreIfDurable();
            finishPullIfDurable();
        }
    }

    /** What was more recent is now this server's own, and those that have it count. */
    private void finishPullIfDurable() {
        if (pull == null || !pull.isDurable()) {
            return;
        }
        pull = null;
        lastZxid = replica.lastLogged();
        currentEpoch = replica.currentEpoch();
        if (!replica.isVoter()) {
            transitions.abandon("the history that was fetched has a configuration in which this server does not vote");
            return;
        }
        for (LearnerProgress learner : learners.copy()) {
            AckEpoch ack = learner.ackEpoch();
            if (learner.isAtLeast(State.INTRODUCED) && learners.dropIfTooOld(learner, learner.protocol())) {
                // As at its introduction, which an older configuration judged.
                continue;
            }
            if (learner.isAhead() && ack != null) {
                if (isMoreRecent(ack)) {
                    pullAt = replica.now();
                } else {
                    learner.promised(ack);
                }
            }
        }
        progress();
        finishIfQuorum();
    }

    private Vote order(AckEpoch ack) {
        return new Vote(ack.currentEpoch(), ack.lastZxid(), replica.self());
    }

    private boolean isMoreRecent(AckEpoch ack) {
        return order(ack).compareTo(new Vote(currentEpoch, lastZxid, replica.self())) > 0;
    }

    /** Its history is fetched first, however many others there are: who has to agree may be said in it. */
    private boolean somebodyKnowsNewerMembers() {
        long mine = replica.quorum().latest().version();
        return learners.all().stream().anyMatch(learner -> learner.configVersion() > mine);
    }

    private void finishIfQuorum() {
        if (!promiseDurable || pull != null || !learners.isQuorum(State.PROMISED) || somebodyKnowsNewerMembers()) {
            return;
        }
        for (LearnerProgress learner : learners.all()) {
            AckEpoch ack = learner.ackEpoch();
            if (learner.isAhead() && ack != null) {
                // What it has beyond the history of a quorum was never committed, and is truncated.
                learner.promised(ack);
            }
        }
        transitions.established(epoch);
    }

    /** Those who elected this server dial it at once; what they say then may take longer. */
    private void progress() {
        deadline = replica.in(
                learners.isQuorum(State.CONNECTED)
                        ? replica.config().initLimitMillis()
                        : 2 * replica.config().syncLimitMillis());
    }
}

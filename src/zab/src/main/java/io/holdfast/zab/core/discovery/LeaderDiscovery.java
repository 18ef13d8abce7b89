package io.holdfast.zab.core.discovery;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Plausible;
import io.holdfast.zab.core.state.Replica;

/**
 * Discovery as the elected candidate sees it (zab.md 2.5): it learns what a quorum promised, has that quorum promise a
 * higher epoch, and makes sure that none of it has a more recent history.
 */
public final class LeaderDiscovery extends Stage {

    private final Learners learners;
    private final Election election;
    private final Zxid lastZxid;
    private final long currentEpoch;

    /** 0 until a quorum reported. */
    private long epoch;

    private boolean promiseDurable;
    private long deadline;

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

    @Override
    public void tick() {
        if (replica.now() >= deadline) {
            transitions.abandon(replica.self(), "no quorum joined in discovery");
        }
    }

    @Override
    public long nextTick() {
        return deadline;
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
        learners.add(link);
        return true;
    }

    @Override
    public void disconnected(Link link) {
        if (learners.on(link) != null) {
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
            // Neither its promise nor what it knows counts; it may come back when there is a leader (zab.md 2.1.1).
            learners.drop(learner, "server " + from.peer() + " has another disk than the voter of that id");
            return;
        }
        if (!Plausible.learner(replica, from.peer(), info, highestEpoch(), true)) {
            learners.drop(learner, "names an epoch or a configuration that no election can have reached");
            progress();
            return;
        }
        if (info.configVersion() > replica.quorum().latest().version()) {
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
     * (E05).
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

    /** The leader names an epoch to others only when its own promise of it is durable (P2). */
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
        if (isMoreRecent(ack)) {
            // Not counted while the quorum is incomplete: what it has beyond this history may be committed.
            learners.drop(learner, "its history is more recent than that of the elected leader");
            return;
        }
        learner.heard(replica.now());
        learner.promised(ack);
        progress();
        finishIfQuorum();
    }

    private boolean isMoreRecent(AckEpoch ack) {
        return new Vote(ack.currentEpoch(), ack.lastZxid(), replica.self())
                        .compareTo(new Vote(currentEpoch, lastZxid, replica.self()))
                > 0;
    }

    private void finishIfQuorum() {
        if (promiseDurable && learners.isQuorum(State.PROMISED)) {
            transitions.established(epoch);
        }
    }

    /** Those who elected this server dial it at once; what they say then may take longer. */
    private void progress() {
        deadline = replica.in(
                learners.isQuorum(State.CONNECTED)
                        ? replica.config().initLimitMillis()
                        : 2 * replica.config().syncLimitMillis());
    }
}

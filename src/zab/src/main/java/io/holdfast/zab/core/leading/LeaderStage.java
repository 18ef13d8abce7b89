package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Plausible;
import io.holdfast.zab.core.state.Replica;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a leader whose epoch is promised by a quorum does in both of its phases: it lets learners join at any time,
 * brings each to its own history, and sends them heartbeats (protocol.md#synchronization,
 * protocol.md#failure-detection).
 */
public abstract class LeaderStage extends Stage {

    protected final Learners learners;
    protected final Election election;
    protected final long epoch;
    private final Comparison comparison;
    protected final Feeder feeder;
    private long pingAt;
    private long lookAfterAt;
    private List<MemberState> members = List.of();

    protected LeaderStage(Replica replica, Transitions transitions, Learners learners, Election election, long epoch) {
        super(replica, transitions);
        this.learners = learners;
        this.election = election;
        this.epoch = epoch;
        this.lookAfterAt = replica.in(replica.config().heartbeatMillis());
        this.comparison = new Comparison(replica, learners);
        this.feeder = new Feeder(replica, learners, epoch, replica.lastLogged(), learners::isVoter);
    }

    @Override
    public final Role role() {
        return Role.LEADING;
    }

    @Override
    public final ServerId leader() {
        return replica.self();
    }

    @Override
    public final long leaderEpoch() {
        return epoch;
    }

    /** Returns whether those whose voice does not count may be learners now. */
    protected boolean mayObserve() {
        return false;
    }

    private boolean welcomes(ServerId server) {
        return mayObserve()
                ? replica.quorum().contains(server)
                : replica.quorum().isVoter(server);
    }

    /** A learner adopted the history. */
    protected abstract void learnerSynced(LearnerProgress learner);

    /** A heartbeat round begins. */
    protected abstract void roundBegins(long round);

    /** Returns how long ago a round began that a quorum answered, in milliseconds. */
    protected abstract long quorumAgeMillis();

    @Override
    public void leave(String reason) {
        learners.dropAll(reason);
    }

    @Override
    public boolean stillValid() {
        if (replica.isLogStalled()) {
            // Heartbeats must not outlive the log (ZOOKEEPER-2247).
            transitions.abandon("the log has not been written for more than "
                    + replica.config().fsyncStallMillis() + " ms; look at the disk");
            return false;
        }
        return true;
    }

    @Override
    public void tick() {
        // On a clock of its own: questions begin rounds too, and a leader that is asked all the time never has one due.
        boolean looksAfter = replica.now() >= lookAfterAt;
        if (looksAfter) {
            lookAfterAt = replica.in(replica.config().heartbeatMillis());
            dropWhoLeft();
            dropStuckLearners();
            synchronizeThoseThatWaited();
            feeder.keepWhatIsNeeded();
        }
        if (replica.now() >= pingAt) {
            ping();
        }
        if (looksAfter) {
            sendOverview();
        }
    }

    @Override
    public long nextTick() {
        return Math.min(pingAt, lookAfterAt);
    }

    private void synchronizeThoseThatWaited() {
        for (LearnerProgress learner : learners.all()) {
            AckEpoch ack = learner.ackEpoch();
            if (learner.state() == State.PROMISED && ack != null) {
                synchronize(learner, ack);
            }
        }
    }

    /** Begins a heartbeat round now. */
    protected final void ping() {
        pingAt = replica.in(replica.config().heartbeatMillis());
        long round = learners.nextRound();
        roundBegins(round);
        Ping ping = new Ping(epoch, round, replica.lastCommitted(), quorumAgeMillis(), comparison.agreed());
        for (LearnerProgress learner : learners.all()) {
            if (learner.isAtLeast(State.INTRODUCED)) {
                send(learner.link(), ping);
            }
        }
    }

    @Override
    public List<MemberState> members() {
        return members;
    }

    @Override
    public List<ServerId> differing() {
        return comparison.differing();
    }

    private void sendOverview() {
        Map<ServerId, MemberState> heard = new TreeMap<>();
        heard.put(
                replica.self(),
                new MemberState(
                        replica.self(),
                        Role.LEADING,
                        phase(),
                        replica.lastDurable(),
                        replica.lastCommitted(),
                        replica.lastApplied(),
                        replica.disk(),
                        replica.config().info()));
        for (LearnerProgress learner : learners.all()) {
            learner.relayed().forEach(behind -> heard.put(behind.id(), behind));
        }
        for (LearnerProgress learner : learners.all()) {
            ServerId peer = learner.link().peer();
            heard.put(peer, learner.memberState(learners.isVoter(learner)));
        }
        members = List.copyOf(heard.values());
        Overview overview = new Overview(epoch, members);
        for (LearnerProgress learner : learners.all()) {
            if (learner.state() == State.SYNCED) {
                send(learner.link(), overview);
            }
        }
    }

    /** It was told of the configuration that it is not in with the commit; what follows is none of its business. */
    private void dropWhoLeft() {
        for (LearnerProgress learner : learners.copy()) {
            if (!replica.quorum().contains(learner.link().peer())) {
                learners.drop(learner, "is no member any more");
            }
        }
        comparison.forgetWhoLeft();
    }

    private void dropStuckLearners() {
        for (LearnerProgress learner : learners.copy()) {
            feeder.dropIfStuck(learner, learners.isVoter(learner) ? replica.lastLogged() : replica.lastCommitted());
        }
    }

    /** A follower tells of the observers that it feeds; for people and for what this leader asks of whom. */
    @Override
    public void onOverview(Link from, Overview overview) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || overview.epoch() != epoch || !learners.isVoter(learner)) {
            ignored(from, overview, "not of this epoch and link, or of no voter");
            return;
        }
        learner.relayed(overview.members().stream()
                .filter(member -> replica.quorum().contains(member.id())
                        && !replica.quorum().isVoter(member.id()))
                .toList());
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        answerIfLooking(from, notification);
    }

    @Override
    public void onStranger(ServerId from, Notification notification) {
        answerIfLooking(from, notification);
    }

    private void answerIfLooking(ServerId from, Notification notification) {
        if (notification.state() == Role.LOOKING && welcomes(from)) {
            election.answer(from, Role.LEADING, epoch);
        }
    }

    @Override
    public boolean accepted(Link link) {
        if (!welcomes(link.peer())) {
            return false;
        }
        learners.add(link);
        return true;
    }

    @Override
    public void disconnected(Link link) {
        learners.remove(link);
    }

    @Override
    public void onFollowerInfo(Link from, FollowerInfo info) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.isAtLeast(State.INTRODUCED)) {
            ignored(from, info, "not the first on a current link");
        } else if (learners.dropIfTooOld(learner, info.protocol())) {
            return;
        } else if (!replica.quorum().isVoter(from.peer(), info.diskId()) && !mayObserve()) {
            learners.drop(learner, "has another disk than the voter of that id");
        } else if (!Plausible.learner(
                replica, from.peer(), info, epoch, replica.quorum().isVoter(from.peer(), info.diskId()))) {
            learners.drop(learner, "names an epoch or a configuration that no election can have reached");
        } else if (replica.quorum().isVoter(from.peer(), info.diskId())
                && info.configVersion() > replica.quorum().latest().version()) {
            transitions.abandon("server " + from.peer() + " knows a newer configuration");
        } else if (!info.mayPromise(epoch, replica.self())) {
            election.heardPromise(info.acceptedEpoch());
            // It can never follow this leader in this epoch, and would stay out for ever, an observer too: it may have
            // promised when it took itself for a voter. A new election names a higher epoch.
            transitions.abandon("server " + from.peer() + " promised epoch " + info.acceptedEpoch());
        } else if (!replica.quorum().isVoter(from.peer(), info.diskId())) {
            learner.avoids(info.avoids());
            observerIntroduced(learner, info);
        } else {
            introduced(learner, info);
        }
    }

    /** An observer is here; who else could feed it is for the phase to know. */
    protected void observerIntroduced(LearnerProgress observer, FollowerInfo info) {
        introduced(observer, info);
    }

    protected final void introduced(LearnerProgress learner, FollowerInfo info) {
        learner.heard(replica.now());
        learner.introduced(info);
        send(learner.link(), new LeaderInfo(epoch, replica.self()));
    }

    @Override
    public void onAckEpoch(Link from, AckEpoch ack) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.state() != State.INTRODUCED || ack.epoch() != epoch) {
            ignored(from, ack, "no answer to this leader's epoch");
            return;
        }
        Zxid acknowledged = learners.acknowledged(learner);
        if (learners.isVoter(learner) && ack.lastZxid().isBefore(acknowledged)) {
            if (learners.regressed(learner)) {
                replica.effects().trace(new Trace.AckRegression(from.peer(), acknowledged, ack.lastZxid()));
            }
            learners.drop(learner, "came back with less than it acknowledged: its disk lost data");
            return;
        }
        learner.heard(replica.now());
        learner.promised(ack);
        synchronize(learner, ack);
    }

    /**
     * Sends a learner what it lacks, unless it has to wait after an attempt that failed. From here on it gets every
     * proposal, or an observer all that is committed, also before it adopted the history.
     */
    protected final void synchronize(LearnerProgress learner, AckEpoch ack) {
        feeder.synchronize(learner, ack.lastZxid());
    }

    @Override
    public void onSyncNack(Link from, SyncNack nack) {
        LearnerProgress learner = learners.on(from);
        SyncPlan plan = learner == null ? null : learner.plan();
        if (learner == null || plan == null || learner.state() != State.SYNCING) {
            ignored(from, nack, "no synchronization is under way");
            return;
        }
        feeder.refused(learner, plan, nack);
    }

    @Override
    public void onSyncProgress(Link from, SyncProgress progress) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.state() != State.SYNCING) {
            ignored(from, progress, "no synchronization is under way");
            return;
        }
        feeder.progressed(learner, progress);
    }

    @Override
    public void onAckNewLeader(Link from, AckNewLeader ack) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.state() != State.SYNCING || ack.epoch() != epoch) {
            ignored(from, ack, "no synchronization is under way");
            return;
        }
        if (ack.cut().isAfter(replica.lastLogged())) {
            learners.drop(learner, "acknowledged " + ack.cut() + ", which was never proposed");
            return;
        }
        learner.heard(replica.now());
        feeder.adopted(learner, ack.cut());
        if (learners.isVoter(learner)) {
            learners.acknowledged(learner, ack.cut());
        }
        learnerSynced(learner);
    }

    @Override
    public void onPong(Link from, Pong pong) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || pong.epoch() != epoch) {
            ignored(from, pong, "not of this epoch and link");
            return;
        }
        learner.heard(replica.now());
        learner.answered(pong);
        comparison.heard(learner, pong.state());
        if (!learners.isVoter(learner) && learner.state() == State.SYNCED) {
            // An observer acknowledges nothing; that its log moves is seen from its heartbeats.
            learner.matched(pong.durable(), replica.now());
        }
        answered();
    }

    /** A learner answered a round. */
    protected abstract void answered();

    /**
     * Sends what is new to all voters that were sent this history, not only to those that adopted it (TLA+ issue 1).
     */
    protected final void propose() {
        for (LearnerProgress learner : learners.all()) {
            if (learner.isAtLeast(State.SYNCING) && learners.isVoter(learner)) {
                feeder.push(learner);
            }
        }
    }
}

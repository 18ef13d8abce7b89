package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LeaderStage;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.Redirect;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.RequestRefused;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.message.UpToDate;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.stage.Upstream;
import io.holdfast.zab.core.state.Replica;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Broadcast as the leader sees it (protocol.md#broadcast, protocol.md#failure-detection, protocol.md#reads): it orders
 * requests, commits what a quorum has logged, and confirms reads and leases by heartbeat rounds.
 */
public final class LeaderBroadcast extends LeaderStage implements Upstream {

    private final Answers answers;
    private final QuorumRounds rounds;
    private final Questions questions;
    private final Reconfiguration reconfiguration;
    private final FanOut fanOut;
    private final Upkeep upkeep;
    private final Outstanding outstanding;
    private final RequestScreen screen;

    /** Not null while this leader is about to leave office. */
    private @Nullable HandOff handOff;

    public LeaderBroadcast(
            Replica replica,
            Transitions transitions,
            Learners learners,
            Election election,
            long epoch,
            Answers answers) {
        super(replica, transitions, learners, election, epoch);
        this.answers = answers;
        this.rounds = new QuorumRounds(replica, learners);
        this.questions = new Questions(replica, learners, answers);
        this.fanOut = new FanOut(replica, learners, epoch);
        this.reconfiguration = new Reconfiguration(replica, learners, fanOut);
        this.outstanding = new Outstanding(replica);
        this.screen = new RequestScreen(replica);
        this.upkeep = new Upkeep(replica, learners, reconfiguration);
    }

    @Override
    public Phase phase() {
        return Phase.BROADCAST;
    }

    /** A quorum adopted this leader's history, so all of it is committed, whoever proposed it. */
    @Override
    public void enter() {
        replica.commit(replica.lastLogged());
        election.publish(Role.LEADING, epoch);
        for (LearnerProgress learner : learners.all()) {
            if (learner.state() == State.SYNCED) {
                learnerSynced(learner);
            }
        }
        ping();
        answerConfirmed();
        activate();
        upkeep.found(this::propose);
    }

    /** There is a quorum that follows, so observers may. */
    @Override
    protected boolean mayObserve() {
        return true;
    }

    /** A few observers are fed by this leader; further ones by its followers (decision 0018). */
    @Override
    protected void observerIntroduced(LearnerProgress observer, FollowerInfo info) {
        ServerId relay = fanOut.relayFor(observer.link().peer(), info.avoids());
        if (relay == null) {
            introduced(observer, info);
        } else {
            observer.heard(replica.now());
            send(observer.link(), new Redirect(relay));
        }
    }

    /**
     * The commit watermark of now, not that of the acknowledgement: else the learner would wait for a commit sent
     * before.
     */
    @Override
    protected void learnerSynced(LearnerProgress learner) {
        send(learner.link(), new UpToDate(epoch, replica.lastCommitted()));
        advanceCommit();
        admitHeldChange();
    }

    /** A leader that was paused finds out here that its time is over, before it acts on anything. */
    @Override
    public boolean stillValid() {
        if (replica.isOlder(rounds.confirmedBegunAt(), replica.config().syncLimitMillis())) {
            transitions.abandon(
                    "no quorum answered for more than " + replica.config().syncLimitMillis() + " ms");
            return false;
        }
        if (!replica.isVoter()) {
            // It was to leave when it was elected, and has seen to it (protocol.md#reconfiguration).
            transitions.abandon("configuration " + replica.configuration().version() + ", now in force, has server "
                    + replica.self() + " lead no more");
            return false;
        }
        return super.stillValid();
    }

    @Override
    public @Nullable Upstream upstream() {
        return this;
    }

    @Override
    public int outstanding() {
        return outstanding.txns();
    }

    @Override
    public long leaderHeardAt() {
        return rounds.confirmedBegunAt();
    }

    // ---- proposals ----

    @Override
    public void request(long requestId, TxnType type, Payload payload) {
        admit(new ClientRequest(Asker.here(replica.self()), requestId, type, payload));
    }

    @Override
    public void onRequest(Link from, Request request) {
        if (isFromSynced(from, request)) {
            admit(Asker.on(from), request);
        }
    }

    private boolean isFromSynced(Link from, ReplicationMessage message) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || learner.state() != State.SYNCED) {
            ignored(from, message, "not from a synchronized learner");
            return false;
        }
        learner.heard(replica.now());
        return true;
    }

    /** What an observer wants that a follower feeds is the same as if it came from the observer itself. */
    @Override
    public void onRelayed(Link from, Relayed relayed) {
        ServerId server = relayed.server();
        LearnerProgress relay = learners.on(from);
        boolean known = relay != null
                && learners.isVoter(relay)
                && replica.quorum().contains(server)
                && !replica.quorum().isVoter(server);
        if (!known) {
            ignored(from, relayed, "not from a voter, or not for an observer: voters ask for themselves");
            return;
        }
        if (!isFromSynced(from, relayed)) {
            return;
        }
        Asker asker = Asker.behind(from, relayed);
        if (relayed.message() instanceof Request request) {
            admit(asker, request);
        } else if (relayed.message() instanceof ReadIndex read) {
            ask(asker, read.readId(), false);
        } else if (relayed.message() instanceof Touch touch) {
            touch(asker, touch);
        } else if (relayed.message() instanceof HandOffRequest request && screen.admitsHandOff(asker)) {
            handOff(request.successor());
        }
    }

    private void admit(Asker asker, Request request) {
        admit(new ClientRequest(asker, request.requestId(), request.type(), request.payload(), request.crc32c()));
    }

    private void admit(ClientRequest request) {
        RequestFailure refusal = propose(request);
        if (refusal != null) {
            refuse(request, refusal);
        }
    }

    private void refuse(ClientRequest request, RequestFailure refusal) {
        Link link = request.asker().link();
        if (link == null) {
            answers.refused(request.requestId(), refusal);
        } else if (learners.on(link) != null) {
            // Over another link the server has asked again.
            send(link, request.asker().addressed(new RequestRefused(request.requestId(), refusal)));
        }
    }

    @Override
    public boolean propose(long wantedEpoch, long requestId, Payload payload) {
        ClientRequest request = new ClientRequest(Asker.here(replica.self()), requestId, TxnType.COMMAND, payload);
        return wantedEpoch == epoch && handOff == null && propose(request) == null;
    }

    /** Returns why the request is not proposed; null when it is, or will be unless this leader leaves. */
    private @Nullable RequestFailure propose(ClientRequest request) {
        if (!screen.admits(request)) {
            return RequestFailure.MALFORMED;
        }
        if (handOff != null) {
            return handOff.hold(request) ? null : RequestFailure.OVERLOADED;
        }
        if (outstanding.isFull() || replica.lastLogged().isLastOf(epoch)) {
            return RequestFailure.OVERLOADED;
        }
        if (request.type() != TxnType.CONFIGURATION) {
            append(request);
            return null;
        }
        ClientRequest change = reconfiguration.completed(request);
        RequestFailure refusal = reconfiguration.refusal(change);
        if (refusal == RequestFailure.VOTER_NOT_SYNCED && reconfiguration.holds(change)) {
            return null;
        }
        if (refusal == null) {
            append(change);
        }
        return refusal;
    }

    private void admitHeldChange() {
        ClientRequest change = reconfiguration.released();
        if (change != null) {
            admit(change);
        }
    }

    private void append(ClientRequest request) {
        Position last = replica.history().last();
        Zxid zxid = last.zxid().epoch() == epoch ? last.zxid().next() : new Zxid(epoch, 1);
        Txn txn = Txn.after(last.zxid(), last.chainHash(), zxid, request.type(), request.origin(), request.payload());
        outstanding.proposed(txn);
        // In one step to the own log and to all learners: neither waits for the other (protocol.md#c08).
        replica.append(txn);
        propose();
    }

    /**
     * Logs that the configuration in force is committed, so that no restart needs its predecessor
     * (protocol.md#reconfiguration).
     */
    private void activate() {
        boolean mayPropose = handOff == null && !replica.isHeld() && replica.isVoter();
        if (replica.lacksActivation() && mayPropose && !replica.lastLogged().isLastOf(epoch)) {
            learners.forgetWhoLeft();
            append(new ClientRequest(Asker.here(replica.self()), 0, TxnType.ACTIVATION, Payload.EMPTY));
        }
    }

    @Override
    public void tick() {
        if (replica.lastLogged().isLastOf(epoch) && outstanding.txns() == 0) {
            transitions.abandon("the counter of epoch " + epoch + " is used up");
            return;
        }
        super.tick();
        answerConfirmed();
        admitHeldChange();
        fanOut.spread();
        LearnerProgress surplus = fanOut.surplus();
        if (surplus != null) {
            learners.drop(surplus, "a follower is to feed it");
        }
        advanceHandOff();
        if (handOff == null) {
            upkeep.perform(this::propose);
        }
    }

    @Override
    public void onAck(Link from, Ack ack) {
        LearnerProgress learner = learners.on(from);
        if (learner == null || ack.epoch() != epoch || !learners.isVoter(learner)) {
            ignored(from, ack, "not of this epoch and link, or of no voter");
            return;
        }
        if (learner.state() != State.SYNCED || ack.durable().isAfter(replica.lastLogged())) {
            learners.drop(learner, "acknowledged " + ack.durable() + " out of turn");
            return;
        }
        learner.heard(replica.now());
        learner.matched(ack.durable(), replica.now());
        learners.acknowledged(learner, ack.durable());
        advanceCommit();
        advanceHandOff();
    }

    @Override
    public void persistedBatch() {
        advanceCommit();
        replica.deliverCommitted();
        activate();
        advanceHandOff();
    }

    /**
     * The leader's own durable copy counts like any other (protocol.md#c04); a server that does not vote never counts
     * (protocol.md#a04).
     */
    private void advanceCommit() {
        Zxid upTo = Zxid.unpack(replica.quorum().reachedByQuorum(this::durable));
        if (!upTo.isAfter(replica.lastCommitted())) {
            return;
        }
        outstanding.committed(replica.lastCommitted(), upTo);
        // Told before it is applied here: a configuration in it may end the part of one that has to know.
        Commit commit = new Commit(epoch, upTo);
        for (LearnerProgress learner : learners.all()) {
            if (learner.state() == State.SYNCED && learners.isVoter(learner)) {
                send(learner.link(), commit);
            }
        }
        replica.commit(upTo);
        for (LearnerProgress learner : learners.all()) {
            if (!learners.isVoter(learner)) {
                feeder.inform(learner);
            }
        }
        activate();
    }

    /** Returns the last transaction that a voter is known to have on the disk that it is bound to. */
    private long durable(Member voter) {
        if (replica.isMember(voter)) {
            return replica.lastDurable().packed();
        }
        LearnerProgress learner = learners.of(voter.id());
        return learner != null && learners.has(voter, State.SYNCED)
                ? learner.match().packed()
                : 0;
    }

    // ---- leaving office ----

    @Override
    public void handOff(@Nullable ServerId wanted) {
        ServerId successor = handOff == null ? HandOff.successor(replica, learners, wanted) : null;
        if (successor != null) {
            handOff = new HandOff(replica, learners, successor, epoch);
            advanceHandOff();
        }
    }

    @Override
    public void onHandOffRequest(Link from, HandOffRequest request) {
        if (isFromSynced(from, request) && screen.admitsHandOff(Asker.on(from))) {
            handOff(request.successor());
        }
    }

    @Override
    public void disconnected(Link link) {
        super.disconnected(link);
        advanceHandOff();
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (handOff != null && handOff.successor().equals(from) && notification.state() == Role.LEADING) {
            handOff.takenOver();
            advanceHandOff();
        } else {
            super.onNotification(from, notification);
        }
    }

    private void advanceHandOff() {
        HandOff leaving = handOff;
        if (leaving == null) {
            return;
        }
        switch (leaving.advance()) {
            case WAIT -> {}
            case STAY -> {
                handOff = null;
                leaving.held().forEach(this::admit);
            }
            case FOLLOW ->
                transitions.handedOver(new Vote(replica.currentEpoch(), replica.lastLogged(), leaving.successor()));
            case LOOK ->
                transitions.abandon(
                        leaving.successor(), "server " + leaving.successor() + " was to take over and did not");
        }
    }

    // ---- confirmed reads and leases ----

    @Override
    public void readIndex(long attempt) {
        ask(Asker.here(replica.self()), attempt, false);
    }

    @Override
    public void touch(long attempt, Payload note) {
        touch(Asker.here(replica.self()), new Touch(attempt, note));
    }

    @Override
    public void onReadIndex(Link from, ReadIndex read) {
        if (isFromSynced(from, read)) {
            ask(Asker.on(from), read.readId(), false);
        }
    }

    @Override
    public void onTouch(Link from, Touch touch) {
        if (isFromSynced(from, touch)) {
            touch(Asker.on(from), touch);
        }
    }

    private void touch(Asker asker, Touch touch) {
        if (screen.admits(asker, touch)) {
            replica.effects().touched(asker.server(), touch.note());
            ask(asker, touch.touchId(), true);
        }
    }

    private void ask(Asker asker, long id, boolean isTouch) {
        if (questions.ask(asker, id, isTouch) && rounds.isIdle()) {
            ping();
            answerConfirmed();
        }
    }

    @Override
    protected void roundBegins(long round) {
        rounds.begins(round);
    }

    @Override
    protected long quorumAgeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(replica.now() - rounds.confirmedBegunAt());
    }

    @Override
    protected void answered() {
        answerConfirmed();
    }

    /** A leader that is its own quorum confirms each round as it begins. */
    private void answerConfirmed() {
        while (rounds.count()) {
            questions.answerUpTo(rounds.confirmed());
            if (questions.isEmpty() || !rounds.isIdle()) {
                return;
            }
            ping();
        }
    }
}

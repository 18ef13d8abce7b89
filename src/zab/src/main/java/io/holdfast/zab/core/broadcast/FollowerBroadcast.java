package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.LetGo;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.TakeOver;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;
import java.util.List;

/**
 * Broadcast as a follower sees it: it logs what the leader proposes, says so, and applies what is committed. It feeds
 * the observers that the leader sends to it (decision 0018).
 */
public final class FollowerBroadcast extends LearnerBroadcast {

    private final Relay relay;

    /** Whether the leader takes this follower for one that feeds somebody. */
    private boolean toldOfObservers;

    public FollowerBroadcast(
            Replica replica, Transitions transitions, Following following, Election election, Answers answers) {
        super(replica, transitions, following, election, answers);
        this.relay = new Relay(replica, following);
    }

    @Override
    boolean votes() {
        return true;
    }

    @Override
    public void enter() {
        election.publish(Role.FOLLOWING, following.epoch());
        super.enter();
    }

    @Override
    public void onTakeOver(Link from, TakeOver takeOver) {
        if (!ignore(from, takeOver, takeOver.epoch())) {
            transitions.handedOver(new Vote(replica.currentEpoch(), replica.lastLogged(), takeOver.successor()));
        }
    }

    /** The only place that acknowledges proposals: what is acknowledged is durable (protocol.md#p7). */
    @Override
    public void persistedBatch() {
        if (replica.lastDurable().isAfter(following.acknowledged())) {
            following.acknowledged(replica.lastDurable());
            sendToLeader(new Ack(following.epoch(), replica.lastDurable()));
            replica.deliverCommitted();
        }
    }

    // ---- for the observers that this follower feeds ----

    @Override
    void commit(Zxid upTo) {
        super.commit(upTo);
        relay.commitMoved();
    }

    @Override
    public void leave(String reason) {
        relay.dropAll(reason);
        super.leave(reason);
    }

    @Override
    void partEnds(String reason) {
        relay.dropAll(reason);
    }

    @Override
    public boolean accepted(Link link) {
        return relay.accepts(link);
    }

    @Override
    public void disconnected(Link link) {
        if (relay.has(link)) {
            relay.disconnected(link);
        } else {
            super.disconnected(link);
        }
    }

    @Override
    public void onPing(Link from, Ping ping) {
        super.onPing(from, ping);
        if (following.isFrom(from) && ping.epoch() == following.epoch()) {
            relay.pinged(ping);
        }
    }

    /** The leader hears of the observers as often as it tells of all. */
    @Override
    protected void overviewArrived(Overview overview) {
        relay.overview(overview);
        List<MemberState> observers = relay.states();
        if (!observers.isEmpty() || toldOfObservers) {
            toldOfObservers = !observers.isEmpty();
            sendToLeader(new Overview(following.epoch(), observers));
        }
    }

    @Override
    public void onFollowerInfo(Link from, FollowerInfo info) {
        expected(relay.introduced(from, info), from, info);
    }

    @Override
    public void onAckEpoch(Link from, AckEpoch ack) {
        expected(relay.promised(from, ack), from, ack);
    }

    @Override
    public void onSyncNack(Link from, SyncNack nack) {
        expected(relay.refused(from, nack), from, nack);
    }

    @Override
    public void onSyncProgress(Link from, SyncProgress progress) {
        expected(relay.progressed(from, progress), from, progress);
    }

    @Override
    public void onAckNewLeader(Link from, AckNewLeader ack) {
        expected(relay.adopted(from, ack), from, ack);
    }

    @Override
    public void onPong(Link from, Pong pong) {
        expected(relay.answered(from, pong), from, pong);
    }

    @Override
    public void onRequest(Link from, Request request) {
        passOn(from, request);
    }

    @Override
    public void onReadIndex(Link from, ReadIndex read) {
        passOn(from, read);
    }

    @Override
    public void onTouch(Link from, Touch touch) {
        passOn(from, touch);
    }

    @Override
    public void onHandOffRequest(Link from, HandOffRequest request) {
        passOn(from, request);
    }

    private void passOn(Link from, ReplicationMessage question) {
        Relayed wrapped = relay.wrapped(from, question);
        expected(wrapped != null, from, question);
        if (wrapped != null) {
            sendToLeader(wrapped);
        }
    }

    private void expected(boolean so, Link from, ReplicationMessage message) {
        if (!so) {
            ignored(from, message, "not expected of an observer in its state");
        }
    }

    @Override
    public void onRelayed(Link from, Relayed answer) {
        if (!ignore(from, answer)) {
            relay.answer(answer);
        }
    }

    @Override
    public void onLetGo(Link from, LetGo letGo) {
        if (!ignore(from, letGo, letGo.epoch())) {
            relay.letGo(letGo.observer());
        }
    }
}

package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.leading.Feeder;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.leading.SyncPlan;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.UpToDate;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of a follower that feeds observers in its leader's place (decision 0018): what is committed, and heartbeats
 * that say how old its news of the leader is. What they ask of the leader it passes on; it answers nothing itself, and
 * nothing that they say counts.
 *
 * <p>It has no clock of its own: all it does, it does when its leader says something. A follower that hears nothing
 * leaves its leader, and ends the links of its observers with that.
 */
final class Relay {

    private final Replica replica;
    private final Following following;
    private final Learners observers;
    private final Feeder feeder;

    Relay(Replica replica, Following following) {
        this.replica = replica;
        this.following = following;
        this.observers = new Learners(replica);
        this.feeder = new Feeder(replica, observers, following.epoch(), Zxid.ZERO, observer -> false);
    }

    /** Whoever votes is fed by the leader itself. */
    boolean accepts(Link link) {
        if (!isObserver(link.peer())) {
            return false;
        }
        observers.add(link);
        return true;
    }

    private boolean isObserver(ServerId server) {
        return replica.quorum().contains(server) && !replica.quorum().isVoter(server);
    }

    boolean has(Link link) {
        return observers.on(link) != null;
    }

    void disconnected(Link link) {
        observers.remove(link);
    }

    void letGo(ServerId server) {
        LearnerProgress observer = observers.of(server);
        if (observer != null) {
            observers.drop(observer, "its leader sends it elsewhere");
        }
    }

    void dropAll(String reason) {
        observers.dropAll(reason);
    }

    // ---- what observers say; false when it is not expected of them ----

    boolean introduced(Link from, FollowerInfo info) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || observer.isAtLeast(State.INTRODUCED)) {
            return false;
        }
        observer.heard(replica.now());
        observer.introduced(info);
        replica.effects().send(from, new LeaderInfo(following.epoch(), following.leader()));
        return true;
    }

    boolean promised(Link from, AckEpoch ack) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || observer.state() != State.INTRODUCED || ack.epoch() != following.epoch()) {
            return false;
        }
        observer.heard(replica.now());
        observer.promised(ack);
        synchronizeIfBehind(observer);
        return true;
    }

    /** One that is ahead of this follower's commit waits for it: nothing that it has applied may be taken from it. */
    private void synchronizeIfBehind(LearnerProgress observer) {
        AckEpoch ack = observer.ackEpoch();
        if (observer.state() == State.PROMISED && ack != null && !isAhead(ack)) {
            feeder.synchronize(observer, ack.lastZxid());
        }
    }

    private boolean isAhead(AckEpoch ack) {
        return ack.lastZxid().isAfter(replica.lastCommitted());
    }

    boolean refused(Link from, SyncNack nack) {
        LearnerProgress observer = observers.on(from);
        SyncPlan plan = observer == null ? null : observer.plan();
        if (observer == null || plan == null || observer.state() != State.SYNCING) {
            return false;
        }
        feeder.refused(observer, plan, nack);
        return true;
    }

    boolean progressed(Link from, SyncProgress progress) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || observer.state() != State.SYNCING) {
            return false;
        }
        feeder.progressed(observer, progress);
        return true;
    }

    boolean adopted(Link from, AckNewLeader ack) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || observer.state() != State.SYNCING || ack.epoch() != following.epoch()) {
            return false;
        }
        observer.heard(replica.now());
        feeder.adopted(observer, ack.cut());
        // Before it serves it must know how old what it is told is.
        replica.effects().send(from, ping(0, null));
        replica.effects().send(from, new UpToDate(following.epoch(), replica.lastCommitted()));
        return true;
    }

    boolean answered(Link from, Pong pong) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || pong.epoch() != following.epoch()) {
            return false;
        }
        observer.heard(replica.now());
        observer.answered(pong);
        if (observer.state() == State.SYNCED) {
            observer.matched(pong.durable(), replica.now());
        }
        return true;
    }

    /** Returns what the leader is to get of it; null when the observer may not ask anything yet. */
    @Nullable
    Relayed wrapped(Link from, ReplicationMessage question) {
        LearnerProgress observer = observers.on(from);
        if (observer == null || observer.state() != State.SYNCED) {
            return null;
        }
        observer.heard(replica.now());
        return new Relayed(from.peer(), from.number(), question);
    }

    // ---- what the leader says ----

    /** Passes an answer on; one to a question that came on an older link is nobody's. */
    void answer(Relayed answer) {
        LearnerProgress observer = observers.of(answer.server());
        if (observer != null && observer.link().number() == answer.via()) {
            replica.effects().send(observer.link(), answer.message());
        }
    }

    /** The commit watermark may have moved. */
    void commitMoved() {
        for (LearnerProgress observer : observers.all()) {
            if (observer.state() == State.PROMISED) {
                synchronizeIfBehind(observer);
            } else {
                feeder.inform(observer);
            }
        }
    }

    /** The leader's heartbeat goes on, with the age that it has here. */
    void pinged(Ping leaders) {
        for (LearnerProgress observer : observers.copy()) {
            AckEpoch ack = observer.ackEpoch();
            if (!isObserver(observer.link().peer())) {
                observers.drop(observer, "is no observer any more");
            } else if (observer.state() == State.PROMISED
                    && ack != null
                    && isAhead(ack)
                    && replica.isOlder(observer.since(), replica.config().syncLimitMillis())) {
                observers.drop(observer, "is ahead of what this follower knows to be committed");
            } else {
                synchronizeIfBehind(observer);
                feeder.dropIfStuck(observer, replica.lastCommitted());
            }
        }
        feeder.keepWhatIsNeeded();
        Ping ping = ping(leaders.round(), leaders.agreed());
        for (LearnerProgress observer : observers.all()) {
            if (observer.isAtLeast(State.INTRODUCED)) {
                replica.effects().send(observer.link(), ping);
            }
        }
    }

    private Ping ping(long round, @Nullable StateDigest agreed) {
        long ageNanos = Math.max(0, replica.now() - following.confirmedAt());
        long ageMillis = TimeUnit.NANOSECONDS.toMillis(ageNanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
        return new Ping(following.epoch(), round, replica.lastCommitted(), ageMillis, agreed);
    }

    void overview(Overview overview) {
        for (LearnerProgress observer : observers.all()) {
            if (observer.state() == State.SYNCED) {
                replica.effects().send(observer.link(), overview);
            }
        }
    }

    boolean isEmpty() {
        return observers.all().isEmpty();
    }

    /** Returns how far the observers are. */
    List<MemberState> states() {
        List<MemberState> states = new ArrayList<>();
        for (LearnerProgress observer : observers.all()) {
            states.add(observer.memberState(false));
        }
        return states;
    }
}

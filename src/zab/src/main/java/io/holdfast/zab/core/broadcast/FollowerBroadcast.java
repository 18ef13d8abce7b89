package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.TakeOver;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;

/** Broadcast as a follower sees it: it logs what the leader proposes, says so, and applies what is committed. */
public final class FollowerBroadcast extends LearnerBroadcast {

    public FollowerBroadcast(
            Replica replica, Transitions transitions, Following following, Election election, Answers answers) {
        super(replica, transitions, following, election, answers);
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

    /** The only place that acknowledges proposals: what is acknowledged is durable (P7). */
    @Override
    public void persistedBatch() {
        if (replica.lastDurable().isAfter(following.acknowledged())) {
            following.acknowledged(replica.lastDurable());
            sendToLeader(new Ack(following.epoch(), replica.lastDurable()));
            replica.deliverCommitted();
        }
    }
}

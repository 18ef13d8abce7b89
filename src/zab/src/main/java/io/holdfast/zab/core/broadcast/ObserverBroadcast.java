package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;

/**
 * Broadcast as an observer sees it: it hears of committed transactions only, and logs them so that a restart begins
 * where it stopped; nobody waits for that.
 */
public final class ObserverBroadcast extends LearnerBroadcast {

    public ObserverBroadcast(
            Replica replica, Transitions transitions, Following following, Election election, Answers answers) {
        super(replica, transitions, following, election, answers);
    }

    @Override
    boolean votes() {
        return false;
    }

    @Override
    public void persistedBatch() {
        replica.deliverCommitted();
    }
}

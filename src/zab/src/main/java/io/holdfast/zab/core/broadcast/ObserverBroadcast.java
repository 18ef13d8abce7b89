package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.message.Inform;
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
    public void onInform(Link from, Inform inform) {
        if (!ignore(from, inform, inform.epoch()) && append(inform.txn())) {
            replica.commit(inform.txn().zxid());
        }
    }

    @Override
    public void persistedBatch() {
        replica.deliverCommitted();
    }
}

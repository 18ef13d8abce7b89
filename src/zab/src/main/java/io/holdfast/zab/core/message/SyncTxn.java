package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Txn;

/**
 * Leader to learner: one transaction of the leader's initial history.
 *
 * @param txn directly follows the one before
 */
public record SyncTxn(Txn txn) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncTxn(from, this);
    }
}

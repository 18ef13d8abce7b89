package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Txn;

/**
 * Leader to observer: this is committed. Observers never hear of what is not (protocol.md#observers).
 *
 * @param epoch the leader's epoch; that of the transaction may be older
 * @param txn directly follows the one before
 */
public record Inform(long epoch, Txn txn) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onInform(from, this);
    }
}

package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: our histories differ at a zxid that both have, so send a snapshot instead.
 *
 * @param at where they differ
 */
public record SyncNack(Zxid at) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncNack(from, this);
    }
}

package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, first of a synchronization (zab.md 2.6): lets the learner compare histories before it touches its
 * own.
 *
 * @param mode how it gets there
 * @param from where the transactions that follow continue: the greatest common zxid, or the snapshot's
 * @param chainHash the leader's chain hash at {@code from}
 * @param txns how many transactions follow
 * @param bytes how many bytes they have
 */
public record SyncBegin(SyncMode mode, Zxid from, long chainHash, long txns, long bytes) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncBegin(from, this);
    }
}

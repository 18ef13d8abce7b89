package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader while it is synchronized: this much is stored, so send on. It says how fast the learner is and that
 * it lives; it acknowledges nothing that counts.
 *
 * @param snapshotBytes bytes of the snapshot's file that are written; 0 when there is room for it and nothing came yet
 * @param durable last durable transaction of the leader's history; 0-0 while a snapshot is under way
 */
public record SyncProgress(long snapshotBytes, Zxid durable) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncProgress(from, this);
    }
}

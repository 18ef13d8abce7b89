package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, first of a synchronization (protocol.md#synchronization): lets the learner compare histories
 * before it touches its own.
 *
 * @param mode how it gets there
 * @param from where the transactions that follow continue: the greatest common zxid, or the snapshot's
 * @param chainHash the leader's chain hash at {@code from}
 * @param txns how many transactions follow
 * @param bytes how many bytes they have
 * @param snapshotBytes length of the snapshot's file, 0 when none follows; {@link #UNPACED} from a leader that sends
 *     all at once and expects no {@link SyncProgress}, as those before version 3 of the protocol do
 */
public record SyncBegin(SyncMode mode, Zxid from, long chainHash, long txns, long bytes, long snapshotBytes)
        implements ReplicationMessage {

    /** In place of the snapshot's length: the leader does not wait for what is stored. */
    public static final long UNPACED = -1;

    /** Makes one of a leader that sends all at once. */
    public SyncBegin(SyncMode mode, Zxid from, long chainHash, long txns, long bytes) {
        this(mode, from, chainHash, txns, bytes, UNPACED);
    }

    /** Returns whether the leader sends on only when it hears what is stored. */
    public boolean isPaced() {
        return snapshotBytes != UNPACED;
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncBegin(from, this);
    }
}

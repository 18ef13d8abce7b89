package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;

/**
 * Leader to learner: a piece of a snapshot file, in order.
 *
 * @param offset where in the file it belongs, in bytes
 * @param data at most 64 KiB
 * @param last whether the file ends here
 */
public record SnapshotChunk(long offset, Payload data, boolean last) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSnapshotChunk(from, this);
    }
}

package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * Learner to leader: at the time of this answer the learner had promised no epoch above {@code epoch}
 * (protocol.md#failure-detection).
 *
 * @param epoch the leader's epoch
 * @param round the round it answers
 * @param durable last durable transaction
 * @param committed its commit watermark
 * @param applied last transaction applied
 * @param state the newest digest of the learner's state; null when it has none, or the link is of an older version
 */
public record Pong(
        long epoch,
        long round,
        Zxid durable,
        Zxid committed,
        Zxid applied,
        @Nullable StateDigest state) implements ReplicationMessage {

    /** Makes one without a digest. */
    public Pong(long epoch, long round, Zxid durable, Zxid committed, Zxid applied) {
        this(epoch, round, durable, committed, applied, null);
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onPong(from, this);
    }
}

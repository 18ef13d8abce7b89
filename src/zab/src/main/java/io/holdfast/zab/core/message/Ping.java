package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * Leader to learner: a heartbeat and the start of a quorum round.
 *
 * @param epoch the leader's epoch
 * @param round grows with every ping of that leader
 * @param committed the commit watermark
 * @param quorumAgeMillis how long ago the leader began the last round that a quorum answered: how old its authority is
 * @param agreed a state that a quorum of voters has; null when the leader knows of none, or the link is of an older
 *     version
 */
public record Ping(
        long epoch,
        long round,
        Zxid committed,
        long quorumAgeMillis,
        @Nullable StateDigest agreed) implements ReplicationMessage {

    /** Makes one without a digest. */
    public Ping(long epoch, long round, Zxid committed, long quorumAgeMillis) {
        this(epoch, round, committed, quorumAgeMillis, null);
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onPing(from, this);
    }
}

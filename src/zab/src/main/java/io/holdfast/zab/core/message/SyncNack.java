package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: I do not have the position from which you want to go on; look further back.
 *
 * @param at the greatest position of mine that is not after it; when it is that very zxid, our histories differ under
 *     one zxid
 */
public record SyncNack(Zxid at) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncNack(from, this);
    }
}

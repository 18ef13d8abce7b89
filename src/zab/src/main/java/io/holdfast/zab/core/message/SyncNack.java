package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: I do not have the position from which you want to go on, look further back; or, from version 3 of
 * the protocol on, I cannot use what you send, and why.
 *
 * @param at the greatest position of mine that is not after it; when it is that very zxid, our histories differ under
 *     one zxid
 * @param reason why this synchronization cannot succeed, for people; empty to have the leader look further back
 */
public record SyncNack(Zxid at, String reason) implements ReplicationMessage {

    /** The longest reason, in characters; a longer one is cut. */
    public static final int REASON_MAX = 300;

    /** Cuts the reason, and leaves nothing in it but printable ASCII: it goes into logs of other servers. */
    public SyncNack {
        String printable = reason.replaceAll("[^ -~]", "?");
        reason = printable.substring(0, Math.min(REASON_MAX, printable.length()));
    }

    /** Makes one that has the leader look further back. */
    public SyncNack(Zxid at) {
        this(at, "");
    }

    /** Returns whether the learner ends the synchronization. */
    public boolean isFinal() {
        return !reason.isEmpty();
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onSyncNack(from, this);
    }
}

package io.holdfast.server.replica;

import io.holdfast.lock.acl.Acl;
import io.holdfast.server.access.Permit;
import io.holdfast.server.access.Visible;
import io.holdfast.server.caller.Caller;
import org.jspecify.annotations.Nullable;

/** The permit of one caller by the rules and access keys that this node has applied, and by the time of this node. */
final class ReadPermit implements Permit {

    private final Replica replica;
    private final Caller caller;

    /** By which it was judged last. */
    private Acl judged;

    ReadPermit(Replica replica, Caller caller) {
        this.replica = replica;
        this.caller = caller;
        this.judged = replica.events().acl();
    }

    /** A node notes the rules that it applied before it publishes anything that was committed after them. */
    @Override
    public boolean isOutdated() {
        // The same object nearly always, for which this is one comparison.
        return !replica.events().acl().equals(judged);
    }

    @Override
    public @Nullable Visible renewed() {
        judged = replica.events().acl();
        boolean isGone =
                replica.access().isGone(judged, caller) || replica.access().identity(judged, caller) != null;
        return isGone ? null : replica.access().visible(judged, caller);
    }

    @Override
    public long leftMillis() {
        long until = caller.until();
        return until == Long.MAX_VALUE ? until : until - System.currentTimeMillis();
    }
}

package io.holdfast.lock.lease;

import io.holdfast.lock.Ticket;
import org.jspecify.annotations.Nullable;

/** One deadline: that of a session, or that of a ticket's wait. */
final class Lease {

    /** 0 for a wait. */
    final long session;

    /** Null for a session. */
    final @Nullable Ticket ticket;

    /** How long it runs, the drift bound included. */
    final long nanos;

    /** Set when it was handed out as due; cleared when it could not be proposed after all (T8). */
    boolean closing;

    /** The bucket that it lies in, null while it is closing. */
    @Nullable
    Bucket bucket;

    @Nullable
    Lease previous;

    @Nullable
    Lease next;

    Lease(long session, @Nullable Ticket ticket, long nanos) {
        this.session = session;
        this.ticket = ticket;
        this.nanos = nanos;
    }
}

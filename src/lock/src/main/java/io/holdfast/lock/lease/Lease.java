package io.holdfast.lock.lease;

import org.jspecify.annotations.Nullable;

/** One deadline. */
final class Lease {

    final Deadline kind;

    /** Id of a grant or name of a lock, empty for a session. */
    final String name;

    /** Id of the session, number of the ticket, or revision of what began. */
    final long number;

    /** How long it runs, the drift bound included. */
    final long nanos;

    /** How many locks a ticket in line is for. */
    int places = 1;

    /** Set when it was handed out as due; cleared when it could not be proposed after all (protocol.md#t8). */
    boolean closing;

    /** The bucket that it lies in, null while it is closing. */
    @Nullable
    Bucket bucket;

    @Nullable
    Lease previous;

    @Nullable
    Lease next;

    Lease(Deadline kind, String name, long number, long nanos) {
        this.kind = kind;
        this.name = name;
        this.number = number;
        this.nanos = nanos;
    }
}

package io.holdfast.lock.lease;

import org.jspecify.annotations.Nullable;

/** All deadlines that fall on one tick, in the order in which they came. Adding and removing are O(1). */
final class Bucket {

    /** It is due when the clock shows this many ticks. */
    final long tick;

    @Nullable
    Lease first;

    private @Nullable Lease last;

    Bucket(long tick) {
        this.tick = tick;
    }

    void add(Lease lease) {
        lease.bucket = this;
        lease.previous = last;
        lease.next = null;
        if (last == null) {
            first = lease;
        } else {
            last.next = lease;
        }
        last = lease;
    }

    void remove(Lease lease) {
        if (lease.previous == null) {
            first = lease.next;
        } else {
            lease.previous.next = lease.next;
        }
        if (lease.next == null) {
            last = lease.previous;
        } else {
            lease.next.previous = lease.previous;
        }
        lease.bucket = null;
        lease.previous = null;
        lease.next = null;
    }
}

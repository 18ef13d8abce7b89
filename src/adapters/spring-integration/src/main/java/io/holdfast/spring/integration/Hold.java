package io.holdfast.spring.integration;

import io.holdfast.client.Lease;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one thread has of one lock, as often as it took it. Used by that thread. */
final class Hold {

    private final Lease lease;
    private @Nullable Duration cap;
    private int count = 1;
    private boolean told;

    Hold(Lease lease, @Nullable Duration cap) {
        this.lease = lease;
        limit(cap);
    }

    /** Whether the work under it must end. */
    boolean mustEnd() {
        return lease.stopping();
    }

    boolean isLost() {
        return lease.remaining().isZero();
    }

    /** Takes it once more. */
    void again(@Nullable Duration anotherCap) {
        count++;
        limit(anotherCap);
    }

    /** Gives it back once; returns whether that was the last time. */
    boolean once() {
        count--;
        return count == 0;
    }

    /** Whether this is the first time that the thread is told of the end. */
    boolean tell() {
        boolean first = !told;
        told = true;
        return first;
    }

    /** Begins the cap anew, with another time if one is given; returns false when the work must end already. */
    boolean renew(@Nullable Duration anotherCap) {
        return limit(anotherCap == null ? cap : anotherCap);
    }

    private boolean limit(@Nullable Duration anotherCap) {
        if (mustEnd()) {
            return false;
        }
        if (anotherCap != null) {
            cap = anotherCap;
            return lease.endAfter(anotherCap);
        }
        return true;
    }
}

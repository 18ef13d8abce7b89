package io.holdfast.client.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end that the holder of a lease gave it. On the loop, but for {@link #end()}. */
final class LeaseLimit {

    /** A longer one is none. */
    private static final Duration MAX = Duration.ofDays(36_500);

    private static final long GRACE_MILLIS_MAX = 2_000;

    /** How often it is looked at: a lease that was released is kept for so long at most. */
    private static final long STEP_MILLIS = 5_000;

    private final Loop loop;
    private final Runnable stops;
    private final Runnable ends;
    private volatile @Nullable Ending end;

    /**
     * One that is not set yet.
     *
     * @param stops tells the work to stop; may be called more than once
     * @param ends ends the lease; called once at most
     */
    LeaseLimit(Loop loop, Runnable stops, Runnable ends) {
        this.loop = loop;
        this.stops = stops;
        this.ends = ends;
    }

    /** The end; null when there is none. */
    @Nullable
    Ending end() {
        return end;
    }

    /** Milliseconds of a time, rounded up. */
    static long millis(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time until the end is not negative: " + time);
        }
        return (time.compareTo(MAX) > 0 ? MAX : time).plusNanos(999_999).toMillis();
    }

    /** Sets the end, in place of the one before. */
    void set(long millis) {
        Ending next = new Ending(loop.now(), millis);
        end = next;
        watch(next);
    }

    /** The lease is over. */
    void clear() {
        end = null;
    }

    private void watch(Ending watched) {
        if (!watched.equals(end)) {
            return;
        }
        long left = Math.max(0, (watched.leftNanos(loop.now()) + 999_999) / 1_000_000);
        long grace = Math.min(watched.millis() / 5, GRACE_MILLIS_MAX);
        if (left <= grace) {
            stops.run();
        }
        if (left == 0) {
            ends.run();
        } else {
            long next = left <= grace ? left : left - grace;
            loop.schedule(Math.min(next, STEP_MILLIS), () -> watch(watched));
        }
    }
}

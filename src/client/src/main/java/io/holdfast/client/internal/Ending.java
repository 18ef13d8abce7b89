package io.holdfast.client.internal;

import org.jspecify.annotations.Nullable;

/**
 * When a lease ends before its session does: so long after that moment.
 *
 * @param from a moment
 * @param millis time from then on
 */
record Ending(Mark from, long millis) {

    /** What is left in nanoseconds; less than 0 when it is past. */
    long leftNanos(Mark now) {
        return millis * 1_000_000 - from.nanosUntil(now);
    }

    /** Whether there is an end, and it is past. */
    static boolean isPast(@Nullable Ending end, Mark now) {
        return end != null && end.leftNanos(now) <= 0;
    }

    /** The least of what is left in nanoseconds and what is left until an end, if there is one. */
    static long least(long leftNanos, @Nullable Ending end, Mark now) {
        return end == null ? leftNanos : Math.min(leftNanos, end.leftNanos(now));
    }
}

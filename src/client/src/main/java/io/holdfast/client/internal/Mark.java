package io.holdfast.client.internal;

/**
 * A moment, by two clocks. The monotonic one may stop while the machine is suspended, the wall clock may be set; what
 * passed between two moments is the greater of both, so a suspended machine counts and a wall clock that was set back
 * does not (protocol.md#t1).
 *
 * @param monotonicNanos monotonic clock, any origin
 * @param wallMillis wall clock
 */
record Mark(long monotonicNanos, long wallMillis) {

    /** By how much the wall clock may be adjusted while it runs without that counting as time. */
    static final long WALL_SLACK_MILLIS = 500;

    /** Longer than any lease, and far from an overflow. */
    private static final long WALL_MILLIS_MAX = 1L << 40;

    /** Time from this moment to a later one in nanoseconds; 0 when it is not later. */
    long nanosUntil(Mark later) {
        long monotonic = later.monotonicNanos - monotonicNanos;
        long wall = later.wallMillis - wallMillis - WALL_SLACK_MILLIS;
        return Math.max(0, Math.max(monotonic, Math.min(wall, WALL_MILLIS_MAX) * 1_000_000));
    }

    /** The same in whole milliseconds, rounded up. */
    long millisUntil(Mark later) {
        return (nanosUntil(later) + 999_999) / 1_000_000;
    }

    /** Whether this program read its clocks here after it read them there. */
    boolean isAfter(Mark other) {
        return monotonicNanos - other.monotonicNanos > 0;
    }
}

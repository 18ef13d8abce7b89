package io.holdfast.sidecar.core;

/**
 * A moment, by two clocks: what passed between two moments is the greater of both, so a suspended machine counts and a
 * wall clock that was set back does not.
 *
 * @param nanos monotonic clock, any origin
 * @param wallMillis wall clock
 */
public record Moment(long nanos, long wallMillis) {

    private static final long WALL_SLACK_MILLIS = 500;

    /** Milliseconds from this moment to a later one; 0 when it is not later. */
    public long millisUntil(Moment later) {
        long monotonic = (later.nanos - nanos) / 1_000_000;
        long wall = later.wallMillis - wallMillis - WALL_SLACK_MILLIS;
        return Math.max(0, Math.max(monotonic, wall));
    }

    /** Whether it was read after that one. */
    public boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }
}

package io.holdfast.server.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many through in a second, and as many at once after a pause: a token bucket, kept as the one time at which it
 * is full again. For any thread; nothing is allocated.
 */
final class TokenBucket {

    private static final long SECOND = 1_000_000_000L;

    /** When it is full again; before now for one that is full. */
    private final AtomicLong fullAt;

    /** Creates one that is full. */
    TokenBucket(long now) {
        this.fullAt = new AtomicLong(now);
    }

    /**
     * Takes one token.
     *
     * @param perSecond its size, and how many tokens come in a second
     * @param now in nanoseconds
     * @return 0 when there was one; else nanoseconds until there is one
     */
    long take(int perSecond, long now) {
        if (perSecond <= 0) {
            return SECOND;
        }
        long each = SECOND / perSecond;
        while (true) {
            long at = fullAt.get();
            long next = (at - now > 0 ? at : now) + each;
            long early = next - now - each * perSecond;
            if (early > 0) {
                // A lower rate than that of before may make it very late.
                return Math.min(early, SECOND);
            }
            if (fullAt.compareAndSet(at, next)) {
                return 0;
            }
        }
    }

    /** Returns whether it is as one that was never used. */
    boolean isFull(long now) {
        return fullAt.get() - now <= 0;
    }
}

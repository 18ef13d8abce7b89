package io.holdfast.server.rest.problem;

import io.holdfast.server.replica.LockView;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * After how many seconds a refused client tries again, with jitter: clients that were refused together must not come
 * back together. Any thread.
 */
final class RetryAfter {

    /** Longest expected time, in seconds: a lock may be free again long before a holder of hours was expected to go. */
    private static final long EXPECTED_MAX = 10;

    /** With the randomness of the server; the lock table has none. */
    static final RetryAfter JITTERED =
            new RetryAfter(() -> ThreadLocalRandom.current().nextDouble());

    private final DoubleSupplier random;

    /**
     * Creates one.
     *
     * @param random 0 up to, and not, 1
     */
    RetryAfter(DoubleSupplier random) {
        this.random = random;
    }

    /** Returns 1 or 2. */
    long seconds() {
        return around(1);
    }

    /**
     * Returns from a half to three halves of the time that the holder is expected to keep a lock yet, which is as long
     * as it had it until now: nothing better is known of a holder, and locks that are held for long are mostly held for
     * longer.
     */
    long seconds(@Nullable LockView lock) {
        if (lock == null || lock.holders().isEmpty()) {
            return seconds();
        }
        long heldSeconds = lock.holders().get(0).heldMs() / 1000;
        return around(Math.max(1, Math.min(EXPECTED_MAX, heldSeconds)));
    }

    private long around(long expected) {
        long least = (expected + 1) / 2;
        long most = expected + (expected + 1) / 2;
        return least + (long) (random.getAsDouble() * (most - least + 1));
    }
}

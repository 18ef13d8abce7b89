package io.holdfast.server.replica;

import io.holdfast.lock.Mode;
import java.util.List;

/**
 * A lock with its holders and its queue.
 *
 * @param name a name nobody uses is a free lock
 * @param mode how it is held, or how the first in line wants it
 * @param limit permits of a semaphore, else 1
 * @param holders who has it, by token; empty when free; at most {@code HOLDERS_SHOWN}
 * @param used how many hold it, on a semaphore how many permits they have
 * @param waiters who stands in line, in order; at most {@code WAITERS_SHOWN}
 * @param waiting how many stand in line, also those not shown
 * @param promisedTo ids of the first tickets that are kept this lock although they do not hold it: sets that wait for
 *     others of their locks
 * @param delayMs for how long it is closed since a holder was not kept alive, from then on; 0 when it is not
 */
public record LockView(
        String name,
        Mode mode,
        int limit,
        List<GrantView> holders,
        int used,
        List<GrantView> waiters,
        int waiting,
        List<String> promisedTo,
        long delayMs) {

    /** Bound of {@link #waiters}. */
    public static final int WAITERS_SHOWN = 100;

    /** Bound of {@link #holders}. */
    public static final int HOLDERS_SHOWN = 100;
}

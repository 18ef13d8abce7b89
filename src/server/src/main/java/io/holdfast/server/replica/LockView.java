package io.holdfast.server.replica;

import java.util.List;

/**
 * A lock with its holders and its queue.
 *
 * @param name a name nobody uses is a free lock
 * @param holders who has it; empty when free
 * @param waiters who stands in line, in order; at most {@code WAITERS_SHOWN}
 * @param waiting how many stand in line, also those not shown
 */
public record LockView(String name, List<GrantView> holders, List<GrantView> waiters, int waiting) {

    /** Bound of {@link #waiters}. */
    public static final int WAITERS_SHOWN = 100;
}

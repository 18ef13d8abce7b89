package io.holdfast.server.replica;

import java.util.List;

/**
 * A lock with its holders and its queue.
 *
 * @param name a name nobody uses is a free lock
 * @param holders who has it; empty when free
 * @param waiters who stands in line, in order; at most {@code WAITERS_SHOWN}
 * @param waiting how many stand in line, also those not shown
 * @param delayMs its lock-delay after the last holder expired, as long as that keeps it closed; 0 otherwise
 */
public record LockView(String name, List<GrantView> holders, List<GrantView> waiters, int waiting, long delayMs) {

    /** Bound of {@link #waiters}. */
    public static final int WAITERS_SHOWN = 100;
}

package io.holdfast.lock;

import java.util.List;

/**
 * A lock as it is at one revision; one that nobody uses is free and has no holder.
 *
 * @param holders at most one while there is only {@link Mode#EXCLUSIVE}
 * @param waiters the first in line, as many as were asked for
 * @param waiting how many are in line in all
 */
public record LockView(String name, Mode mode, List<GrantView> holders, List<GrantView> waiters, int waiting) {

    /** Copies the lists. */
    public LockView {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }
}

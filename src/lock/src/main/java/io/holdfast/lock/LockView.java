package io.holdfast.lock;

import java.util.List;

/**
 * A lock as it is at one revision; one that nobody uses is free and has no holder.
 *
 * @param mode how it is held, or how the first in line wants it; {@link Mode#EXCLUSIVE} when nobody uses it
 * @param limit permits of a semaphore, 1 for other modes
 * @param holders the first of them by token, {@link Limits#HOLDERS_SHOWN} at most, one in a listing
 * @param used how many hold it, on a semaphore how many permits they have
 * @param waiters the first in line, as many as were asked for
 * @param waiting how many are in line in all
 * @param promisedTo ids of the first tickets that are kept this lock although they do not hold it: lock sets that wait
 *     for others of their locks; {@link Limits#HOLDERS_LISTED} at most
 * @param delayMillis for how long it is closed since a holder was not kept alive, from then on; 0 when it is not
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
        long delayMillis) {

    /** Copies the lists. */
    public LockView {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
        promisedTo = List.copyOf(promisedTo);
    }

    static LockView free(String name) {
        return new LockView(name, Mode.EXCLUSIVE, 1, List.of(), 0, List.of(), 0, List.of(), 0);
    }
}

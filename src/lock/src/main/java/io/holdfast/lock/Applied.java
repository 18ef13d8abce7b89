package io.holdfast.lock;

import java.util.List;

/**
 * What one transaction did.
 *
 * @param revision of the transaction
 * @param atMillis the command's wall clock, so the same on every replica; shown to people and decides nothing
 * @param result for whoever sent the command
 * @param changes in order, for everybody; empty when nothing changed
 */
public record Applied(long revision, long atMillis, Result result, List<Change> changes) {

    /** Copies the list. */
    public Applied {
        changes = List.copyOf(changes);
    }
}

package io.holdfast.lock.lease;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.Limits;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;

/**
 * Says how many transactions a leader owes to sessions whose end does not fit into one
 * ({@link Command.ContinueEndings}). Used by the leader in broadcast, on one thread.
 */
public final class Endings {

    /** Transactions that are under way together: others have to wait for them. */
    private static final int AT_ONCE = 8;

    private int underWay;

    /** A new leader begins to broadcast: what another one proposed is not waited for. */
    public void reset() {
        underWay = 0;
    }

    /** Returns how many to propose now; {@link #proposed} is called for each that was. */
    public int due(LockTable table) {
        int wanted = (table.endingPlaces() + Limits.EXPIRY_ITEMS - 1) / Limits.EXPIRY_ITEMS;
        return Math.max(0, Math.min(AT_ONCE, wanted) - underWay);
    }

    public void proposed() {
        underWay++;
    }

    /** Follows what a transaction did; called for each one that the leader applies after {@link #reset}. */
    public void applied(Applied applied) {
        if (applied.result() instanceof Result.EndingsContinued) {
            underWay = Math.max(0, underWay - 1);
        }
    }
}

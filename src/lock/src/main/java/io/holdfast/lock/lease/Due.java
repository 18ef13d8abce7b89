package io.holdfast.lock.lease;

import io.holdfast.lock.Ticket;
import java.util.List;

/**
 * What ran out, to be proposed by the leader; at most {@link io.holdfast.lock.Limits#EXPIRY_ITEMS} of each.
 *
 * @param sessions ids in the order of their deadlines
 * @param waits tickets in the order of their deadlines
 */
public record Due(List<Long> sessions, List<Ticket> waits) {

    /** Copies the lists. */
    public Due {
        sessions = List.copyOf(sessions);
        waits = List.copyOf(waits);
    }

    /** Returns whether there is nothing to propose. */
    public boolean isEmpty() {
        return sessions.isEmpty() && waits.isEmpty();
    }
}

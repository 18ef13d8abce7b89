package io.holdfast.lock.lease;

import io.holdfast.lock.LockDelay;
import io.holdfast.lock.Ticket;
import java.util.ArrayList;
import java.util.List;

/**
 * What ran out, to be proposed by the leader, each in the order of the deadlines; at most
 * {@link io.holdfast.lock.Limits#EXPIRY_ITEMS} of each.
 *
 * @param sessions ids of sessions
 * @param waits tickets in line
 * @param delays locks that are closed
 * @param yields holders that were asked to yield, each with the number of that wish
 * @param breaks holders that were warned, each with the number of that warning
 */
public record Due(
        List<Long> sessions, List<Ticket> waits, List<LockDelay> delays, List<Ticket> yields, List<Ticket> breaks) {

    /** Copies the lists. */
    public Due {
        sessions = List.copyOf(sessions);
        waits = List.copyOf(waits);
        delays = List.copyOf(delays);
        yields = List.copyOf(yields);
        breaks = List.copyOf(breaks);
    }

    /** Makes one of sessions and waits alone. */
    public Due(List<Long> sessions, List<Ticket> waits) {
        this(sessions, waits, List.of(), List.of(), List.of());
    }

    /** Returns whether there is nothing to propose. */
    public boolean isEmpty() {
        return sessions.isEmpty() && waits.isEmpty() && delays.isEmpty() && yields.isEmpty() && breaks.isEmpty();
    }

    /** Returns what is due kind by kind, each of which is one transaction. */
    public List<Due> parts() {
        List<Due> all = List.of(
                new Due(sessions, List.of(), List.of(), List.of(), List.of()),
                new Due(List.of(), waits, List.of(), List.of(), List.of()),
                new Due(List.of(), List.of(), delays, List.of(), List.of()),
                new Due(List.of(), List.of(), List.of(), yields, List.of()),
                new Due(List.of(), List.of(), List.of(), List.of(), breaks));
        List<Due> parts = new ArrayList<>();
        for (Due part : all) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }
}

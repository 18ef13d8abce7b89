package io.holdfast.lock.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Command;
import io.holdfast.lock.LockDelay;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Ticket;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delays, wishes to yield and warnings of breaks on the lease clock. */
class NoticesTest {

    private static final long SECOND = 1_000_000_000;

    private final LockTable table = new LockTable();
    private final Deadlines deadlines = new Deadlines();
    private long revision;

    @BeforeEach
    void openTwoSessionsAndHoldALock() {
        apply(new Command.OpenSession("a", 60_000, "", "", 5_000, 0));
        apply(new Command.OpenSession("b", 60_000, "", "", 0));
        apply(new Command.Acquire("g", 1, "l", Mode.EXCLUSIVE, 0, "", 0));
        apply(new Command.Acquire("w", 2, "l", Mode.EXCLUSIVE, 50_000, "", 0));
    }

    @Test
    void aDelayEndsAfterItsTimeAndOpensTheLock() {
        apply(new Command.ExpireSessions(List.of(1L), 0));
        assertTrue(deadlines.due(5 * SECOND).isEmpty());
        Due due = deadlines.due(6 * SECOND);
        assertEquals(List.of(new LockDelay("l", revision)), due.delays());
        apply(new Command.ExpireDelays(due.delays(), 0));
        assertTrue(table.grant("w").granted());
    }

    @Test
    void anExpiryThatCouldNotBeProposedIsDueAgain() {
        apply(new Command.ExpireSessions(List.of(1L), 0));
        Due due = deadlines.due(6 * SECOND);
        deadlines.again(6 * SECOND, due);
        assertEquals(due, deadlines.due(7 * SECOND));
        apply(new Command.ExpireDelays(due.delays(), 0));
        ask();
        Due notices = deadlines.due(30 * SECOND);
        deadlines.again(30 * SECOND, notices);
        assertEquals(notices, deadlines.due(31 * SECOND));
    }

    @Test
    void aWishAndAWarningAreDueByTheNumberOfTheirTransaction() {
        long asked = revision + 1;
        ask();
        assertEquals(List.of(new Ticket("g", asked)), deadlines.due(9 * SECOND).yields());
        Due due = deadlines.due(30 * SECOND);
        assertEquals(List.of(new Ticket("g", asked + 1)), due.breaks());
        assertEquals(1, due.parts().size());
        apply(new Command.ExpireBreaks(due.breaks(), 0));
        Due delays = deadlines.due(36 * SECOND);
        assertEquals(List.of(new LockDelay("l", revision)), delays.delays());
        apply(new Command.ExpireDelays(delays.delays(), 0));
        assertTrue(table.grant("w").granted());
    }

    @Test
    void whatItsHolderEndedIsNotDueAnyMore() {
        ask();
        apply(new Command.Release("g", 0, 0));
        assertTrue(deadlines.due(40 * SECOND).isEmpty());
    }

    /** protocol.md#t5 and protocol.md#t11: a new leader lets the full time run again. */
    @Test
    void aNewLeaderBeginsEveryTimeAnew() {
        ask();
        apply(new Command.OpenSession("c", 60_000, "", "", 5_000, 0));
        apply(new Command.Acquire("d", revision, "m", Mode.SHARED, 0, "", 0));
        apply(new Command.ExpireSessions(List.of(revision - 1), 0));
        Deadlines next = new Deadlines();
        next.reset(100 * SECOND, table);
        assertTrue(next.due(104 * SECOND).isEmpty());
        Due first = next.due(106 * SECOND);
        assertEquals(List.of(new LockDelay("m", revision)), first.delays());
        Due rest = next.due(130 * SECOND);
        assertEquals(1, first.yields().size() + rest.yields().size());
        assertEquals(1, rest.breaks().size());
    }

    private void ask() {
        String holder = table.grant("g") == null ? "w" : "g";
        if (holder.equals("w")) {
            apply(new Command.Acquire("v", 2, "l", Mode.EXCLUSIVE, 50_000, "", 0));
        }
        apply(new Command.Transfer(holder, 0, holder.equals("g") ? "w" : "v", 8_000, 0));
        apply(new Command.Break("l", holder, 0, "admin", "stuck", 20_000, 0));
    }

    private void apply(Command command) {
        deadlines.applied(0, table.apply(++revision, command));
    }
}

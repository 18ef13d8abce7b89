package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Locks with a line are listed from an index of their own, which follows whatever begins and ends a line. */
class ContendedLocksTest {

    private LockTable table = new LockTable();
    private long revision;

    private long apply(Command command) {
        table.apply(++revision, command);
        return revision;
    }

    private void acquire(String grant, long session) {
        apply(new Command.Acquire(grant, session, "l", Mode.EXCLUSIVE, 9_000, "", 0));
    }

    private List<String> contended() {
        return table.locks("", true, null, 9).stream().map(LockView::name).toList();
    }

    @Test
    void theIndexFollowsCancelsEndsOfSessionsGrantsAndSnapshots() throws IOException {
        long alice = apply(new Command.OpenSession("alice", 1_000, "", "", 0));
        long bob = apply(new Command.OpenSession("bob", 1_000, "", "", 0));
        long carol = apply(new Command.OpenSession("carol", 1_000, "", "", 0));
        acquire("g", alice);
        assertEquals(List.of(), contended());
        acquire("w1", bob);
        assertEquals(List.of("l"), contended());
        apply(new Command.Release("w1", 0, 0));
        assertEquals(List.of(), contended());
        acquire("w2", bob);
        apply(new Command.CloseSession(bob, 0));
        assertEquals(List.of(), contended());
        acquire("w3", carol);
        table = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)));
        assertEquals(List.of("l"), contended());
        apply(new Command.Release("g", 0, 0));
        assertEquals(List.of(), contended());
        assertEquals(1, table.locks("", false, null, 9).size());
    }
}

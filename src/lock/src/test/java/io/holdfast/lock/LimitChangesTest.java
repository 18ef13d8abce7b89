package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limit of a semaphore while it is in use. */
class LimitChangesTest {

    private LockTable table = new LockTable();
    private long revision;

    @BeforeEach
    void open() {
        apply(new Command.OpenSession("k", 10_000, "", "", 0));
    }

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private Result acquire(String grant, int permits, int limit) {
        List<Claim> claims = List.of(Claim.semaphore("s", permits, limit));
        return apply(new Command.Acquire(grant, 1, claims, 60_000, "", 0)).result();
    }

    private boolean holds(String grant) {
        GrantView view = table.grant(grant);
        assertNotNull(view);
        return view.granted();
    }

    @Test
    void aHigherLimitLetsTicketsInWithTheSameTransaction() {
        acquire("a", 1, 1);
        acquire("b", 1, 1);
        acquire("c", 1, 1);
        acquire("d", 1, 1);
        Applied applied = apply(new Command.ChangeLimit("s", 3, 0));
        assertEquals(new Result.LimitChanged("s", 3), applied.result());
        assertEquals(
                List.of(Change.Kind.LIMIT_CHANGED, Change.Kind.GRANTED, Change.Kind.GRANTED),
                applied.changes().stream().map(Change::kind).toList());
        assertEquals(3, applied.changes().get(0).millis());
        assertTrue(holds("b") && holds("c") && !holds("d"));
        assertEquals(3, table.lock("s", 0).limit());
        assertEquals(List.of(), apply(new Command.ChangeLimit("s", 3, 0)).changes(), "a copy changes nothing");
    }

    @Test
    void aLowerLimitTakesNothingBackAndHoldsAsHoldersLeave() {
        acquire("a", 1, 3);
        acquire("b", 1, 3);
        acquire("c", 1, 3);
        acquire("d", 1, 3);
        apply(new Command.ChangeLimit("s", 1, 0));
        assertEquals(3, table.lock("s", 0).used());
        apply(new Command.Release("a", 0, 0));
        apply(new Command.Release("b", 0, 0));
        assertTrue(!holds("d"), "one is still there");
        apply(new Command.Release("c", 0, 0));
        assertTrue(holds("d"));
    }

    @Test
    void whatALowerLimitPromisedNoMoreIsTakenBack() {
        acquire("a", 1, 3);
        apply(new Command.Acquire("x", 1, List.of(Claim.exclusive("other")), 0, "", 0));
        apply(new Command.OpenSession("k2", 10_000, "", "", 0));
        List<Claim> set = List.of(Claim.exclusive("other"), Claim.semaphore("s", 2, 3));
        apply(new Command.Acquire("set", revision, set, 60_000, "", 0));
        assertEquals(List.of("set"), table.lock("s", 0).promisedTo());
        apply(new Command.ChangeLimit("s", 2, 0));
        assertEquals(List.of(), table.lock("s", 0).promisedTo());
        apply(new Command.Release("x", 0, 0));
        assertTrue(!holds("set"));
        apply(new Command.Release("a", 0, 0));
        assertTrue(holds("set"));
    }

    @Test
    void onceItWasSetTicketsMayNameAnyLimitThatTheyFitIn() {
        acquire("a", 1, 2);
        apply(new Command.ChangeLimit("s", 3, 0));
        assertInstanceOf(Result.Granted.class, acquire("old", 1, 2));
        assertInstanceOf(Result.Granted.class, acquire("new", 1, 3));
        assertInstanceOf(Result.Granted.class, acquire("old", 1, 2), "the same ticket again");
        assertEquals(new Result.LimitMismatch("wide", "s", 3), acquire("wide", 4, 5));
        List<Claim> plain = List.of(Claim.exclusive("s"));
        assertInstanceOf(
                Result.LimitMismatch.class,
                apply(new Command.Acquire("plain", 1, plain, 0, "", 0)).result());
    }

    @Test
    void itIsForgottenWithTheLastUseOfTheLock() {
        acquire("a", 1, 2);
        apply(new Command.ChangeLimit("s", 3, 0));
        apply(new Command.Release("a", 0, 0));
        assertInstanceOf(Result.Granted.class, acquire("b", 1, 2));
        assertEquals(2, table.lock("s", 0).limit());
        assertInstanceOf(Result.LimitMismatch.class, acquire("c", 1, 3));
    }

    @Test
    void whatCannotBeIsRefusedWithTheReason() {
        assertEquals(
                new Result.LimitRefused("s", Result.LimitRefused.Hindrance.NOT_IN_USE, null),
                apply(new Command.ChangeLimit("s", 3, 0)).result());
        acquire("wide", 3, 3);
        acquire("waits", 2, 3);
        assertEquals(
                new Result.LimitRefused("s", Result.LimitRefused.Hindrance.TOO_FEW, "wide"),
                apply(new Command.ChangeLimit("s", 2, 0)).result());
        apply(new Command.Release("wide", 0, 0));
        acquire("late", 3, 3);
        assertEquals(
                new Result.LimitRefused("s", Result.LimitRefused.Hindrance.TOO_FEW, "late"),
                apply(new Command.ChangeLimit("s", 2, 0)).result());
        apply(new Command.Acquire("x", 1, List.of(Claim.exclusive("plain")), 0, "", 0));
        assertEquals(
                new Result.LimitRefused("plain", Result.LimitRefused.Hindrance.NO_SEMAPHORE, null),
                apply(new Command.ChangeLimit("plain", 2, 0)).result());
    }

    @Test
    void aSnapshotKeepsItWithGrantsThatDoNotFitTheFirstLimit() throws IOException {
        acquire("a", 1, 2);
        apply(new Command.ChangeLimit("s", 5, 0));
        acquire("wide", 4, 5);
        acquire("waits", 3, 5);
        byte[] bytes = TablePair.snapshot(table);
        LockTable read = LockTable.read(new ByteArrayInputStream(bytes));
        assertEquals(table.digest(), read.digest());
        assertEquals(5, read.lock("s", 0).limit());
        table = read;
        apply(new Command.ChangeLimit("s", 8, 0));
        assertTrue(holds("waits"));
    }
}

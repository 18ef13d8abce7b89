package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StateBytesTest {

    private static final long LIMIT = Limits.STATE_BYTES_MIN;

    private final LockTable table = new LockTable();
    private long revision;

    private Result apply(Command command) {
        Result result = table.apply(++revision, command).result();
        assertTrue(table.bytes() <= table.bytesLimit() || command instanceof Command.SetStateBytes, "too many bytes");
        return result;
    }

    private Result acquire(int i) {
        return apply(new Command.Acquire("g" + i, 1, "l" + i, Mode.EXCLUSIVE, 0, "x".repeat(4096), 0));
    }

    private void openFirst() {
        apply(new Command.OpenSession("k", 1000, "", "", 0));
    }

    @Test
    void aTableThatIsFullInBytesRefusesWhatIsNewAndEndsWhatIsThere() {
        assertEquals(Quotas.BYTES_DEFAULT, table.bytesLimit());
        openFirst();
        assertEquals(new Result.StateBytesSet(LIMIT), apply(new Command.SetStateBytes(LIMIT, 0)));
        int held = 0;
        Result last = acquire(held);
        while (last instanceof Result.Granted) {
            last = acquire(++held);
        }
        Result full = new Result.QuotaExceeded(Quota.BYTES, LIMIT, null);
        assertEquals(full, last);
        assertTrue(held > 150 && held < 256, held + " grants of 4 KiB in 1 MiB");
        assertEquals(full, apply(new Command.OpenSession("k2", 1000, "n".repeat(512), "x".repeat(4096), 0)));
        assertEquals(full, apply(new Command.AcquireAlone("a", "free", Mode.SHARED, 1000, 0, "", "x".repeat(4096), 0)));
        assertNull(table.endedGrant("g" + held), "a refusal for want of room is forgotten");

        apply(new Command.Release("g0", 0, 0));
        assertInstanceOf(Result.Granted.class, acquire(held));
        apply(new Command.CloseSession(1, 0));
        assertEquals(0, table.heldCount());
        assertTrue(table.bytes() < LIMIT / 4, () -> table.bytes() + " bytes are left");
    }

    /** Leaves no room for one more attach id. */
    private void fill() {
        apply(new Command.SetStateBytes(LIMIT, 0));
        for (int i = 1; room() > 6_000; i++) {
            assertInstanceOf(Result.Granted.class, acquire(i));
        }
        long before = room();
        apply(new Command.OpenSession("a", 1000, "", "", 0));
        long session = before - room();
        // Object and array of a text take 48.
        apply(new Command.OpenSession("b", 1000, "", "x".repeat((int) (room() / 2)), 0));
        apply(new Command.OpenSession("c", 1000, "", "x".repeat((int) (room() - session - 48)), 0));
        assertEquals(0, room());
    }

    private long room() {
        return LIMIT - table.bytes();
    }

    @Test
    void aFullTableRefusesNoticesAndAttachIdsToo() {
        openFirst();
        apply(new Command.Attach(1, "pod-1", 0));
        apply(new Command.Acquire("g0", 1, "l0", Mode.EXCLUSIVE, 0, "", 0));
        apply(new Command.Acquire("waits", 1, "l0", Mode.EXCLUSIVE, 60_000, "", 0));
        String text = "\u00fc\u4e00".repeat(100);
        Command announced = new Command.Break("l0", "g0", 0, text, text, 60_000, 0);
        assertInstanceOf(Result.BreakAnnounced.class, apply(announced));
        fill();
        Result full = new Result.QuotaExceeded(Quota.BYTES, LIMIT, null);
        long bytes = table.bytes();
        assertEquals(full, apply(new Command.Attach(1, "pod-2".repeat(20), 0)));
        assertEquals(full, apply(new Command.Transfer("g0", 0, "waits", 30_000, 0)));
        assertEquals(full, apply(new Command.Break("l1", "g1", 0, text, text, 60_000, 0)));
        assertEquals(bytes, table.bytes());

        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "pod-1", 0)), "it takes nothing more");
        assertInstanceOf(Result.BreakAnnounced.class, apply(announced), "it is announced already");
        Command shorter = new Command.Break("l0", "g0", 0, "me", "why", 60_000, 0);
        assertInstanceOf(Result.BreakAnnounced.class, apply(shorter), "it takes less");
        assertInstanceOf(Result.Broken.class, apply(new Command.Break("l1", "g1", 0, text, text, 0, 0)));
        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "pod-2".repeat(20), 0)));
        assertInstanceOf(Result.YieldRequested.class, apply(new Command.Transfer("g0", 0, "waits", 30_000, 0)));
    }

    @Test
    void whatEndedIsRememberedInAShareOfTheBytes() {
        openFirst();
        apply(new Command.SetStateBytes(LIMIT, 0));
        for (int i = 0; i < 5_000; i++) {
            acquire(i);
            apply(new Command.Release("g" + i, 0, 0));
        }
        assertTrue(table.bytes() < LIMIT / 4 + 1_000, () -> table.bytes() + " bytes");
        assertTrue(table.endedGrant("g4999") != null
                && table.endedGrant("g4500") != null
                && table.endedGrant("g1") == null);
    }

    /** A lower bound takes nothing away, neither at once nor when the state is read from a snapshot. */
    @Test
    void aLowerBoundIsKeptInASnapshotOfMoreThanThat() throws IOException {
        openFirst();
        for (int i = 0; i < 900; i++) {
            acquire(i);
        }
        for (int i = 0; i < 450; i++) {
            apply(new Command.Release("g" + i, 0, 0));
        }
        for (int i = 0; i < 5_000; i++) {
            apply(new Command.Acquire("t" + i, 1, "l899", Mode.EXCLUSIVE, 0, "", 0));
        }
        long digest = table.digest();
        apply(new Command.SetStateBytes(LIMIT, 0));
        assertTrue(table.bytes() > LIMIT && table.digest() != digest);
        byte[] written = TablePair.snapshot(table);
        LockTable copy = LockTable.read(new ByteArrayInputStream(written));
        assertEquals(table.digest(), copy.digest());
        assertEquals(table.bytes(), copy.bytes());
        assertEquals(LIMIT, copy.bytesLimit());
        assertArrayEquals(written, TablePair.snapshot(copy));
        Command next = new Command.Release("g450", 0, 0);
        assertEquals(table.apply(revision + 1, next), copy.apply(revision + 1, next));
        assertEquals(table.digest(), copy.digest());
    }

    @Test
    void belowLevelThreeNothingIsBoundedInBytes() {
        assertEquals(Long.MAX_VALUE, new LockTable(2).bytesLimit());
        LockTable old = new LockTable(2);
        assertInstanceOf(
                Result.Malformed.class,
                old.apply(1, new Command.SetStateBytes(LIMIT, 0)).result());
    }
}

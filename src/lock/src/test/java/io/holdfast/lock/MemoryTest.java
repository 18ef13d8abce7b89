package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is remembered of grants that ended, and what may be forgotten for it. */
class MemoryTest {

    private static final Quotas ROOMY = new Quotas(9_999, 9_999, 9_999, 9_999, 9_999, 9_999, Limits.TOKEN_MAX);

    private LockTable table;
    private long revision;
    private long now = 1_000;

    private Result apply(Command command) {
        return table.apply(++revision, command).result();
    }

    private long open(String key) {
        apply(new Command.OpenSession(key, 1000, "", "", now));
        return revision;
    }

    private Result acquire(String grant, long session, String lock) {
        return apply(new Command.Acquire(grant, session, lock, Mode.EXCLUSIVE, 0, "", now));
    }

    private void holdAndRelease(String grant, long session) {
        assertInstanceOf(Result.Granted.class, acquire(grant, session, "lock-of-" + session));
        apply(new Command.Release(grant, 0, now));
    }

    /** Replaces the table by one from its snapshot, which must be the same in all respects. */
    private void restore(Quotas quotas) {
        byte[] written = TablePair.snapshot(table);
        try {
            LockTable read = LockTable.read(new ByteArrayInputStream(written), quotas);
            assertEquals(table.digest(), read.digest());
            assertEquals(table.bytes(), read.bytes());
            assertArrayEquals(written, TablePair.snapshot(read));
            table = read;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failedTriesAndCancelsOfTheUnknownForgetNothingThatWasHeld() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(2, 3, 9, 0, 0));
        table = new LockTable(quotas);
        long alice = open("alice");
        long bob = open("bob");
        holdAndRelease("done", alice);
        acquire("holds", bob, "busy");
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(Result.LockHeld.class, acquire("try-" + i, alice, "busy"));
            apply(new Command.Release("never-" + i, 0, now));
        }
        restore(quotas);
        assertEquals(new Result.GrantEnded("done", alice, 1, Cause.REQUESTED), acquire("done", alice, "free"));
        assertInstanceOf(Result.GrantEnded.class, acquire("try-49", alice, "free"), "a late copy of a try is granted");
        assertInstanceOf(Result.GrantEnded.class, acquire("never-49", alice, "free"), "a late copy is granted");
        assertNull(table.endedGrant("try-47"), "more tries are remembered than their quota says");
    }

    @Test
    void theTriesOfABusyMinuteLeaveTheShareOfWhatWasHeld() {
        table = new LockTable();
        apply(new Command.SetStateBytes(Limits.STATE_BYTES_MIN, now));
        long alice = open("alice");
        for (int i = 0; i < 500; i++) {
            holdAndRelease("g-" + i, alice);
        }
        acquire("holds", alice, "busy");
        for (int i = 0; i < 20_000; i++) {
            acquire("try-" + i, alice, "busy");
        }
        assertNotNull(table.endedGrant("g-0"));
        assertNotNull(table.endedGrant("try-19200"), "tries have no use of bytes that nobody else needs");
        assertNull(table.endedGrant("try-0"));
        assertTrue(table.bytes() < Limits.STATE_BYTES_MIN / 4 + 2_000, () -> table.bytes() + " bytes");
        for (int i = 0; i < 20_000; i++) {
            holdAndRelease("h-" + i, alice);
        }
        assertNotNull(table.endedGrant("h-19400"));
        assertNotNull(table.endedGrant("try-19700"), "what was held leaves no share to tries");
        assertTrue(table.bytes() < Limits.STATE_BYTES_MIN / 4 + 2_000, () -> table.bytes() + " bytes");
        restore(null);
    }

    @Test
    void theLastGrantsOfASessionAreRememberedWhileItLives() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(4, 9, 9, 3, 0));
        table = new LockTable(quotas);
        long alice = open("alice");
        long bob = open("bob");
        for (int i = 0; i < 5; i++) {
            holdAndRelease("a-" + i, alice);
        }
        for (int i = 0; i < 50; i++) {
            holdAndRelease("b-" + i, bob);
        }
        restore(quotas);
        assertNull(table.endedGrant("a-1"), "a session has more than its share");
        for (int i = 2; i < 5; i++) {
            assertInstanceOf(Result.GrantEnded.class, acquire("a-" + i, alice, "free"));
            assertEquals(
                    new Result.Gone("a-" + i, Cause.REQUESTED, null), apply(new Command.Release("a-" + i, i + 1, now)));
        }
        long withAlice = table.bytes();
        apply(new Command.CloseSession(alice, now));
        restore(quotas);
        assertNull(table.endedGrant("a-4"), "what is kept for a session outlives it");
        assertTrue(table.bytes() < withAlice);
        assertEquals(new Result.SessionEnded(alice, Cause.REQUESTED), acquire("a-4", alice, "free"));
    }

    /** Sessions that end many grants have a share of the bytes together, and it is the oldest that are forgotten. */
    @Test
    void whatIsKeptForSessionsIsBoundedInBytes() {
        table = new LockTable();
        apply(new Command.SetStateBytes(Limits.STATE_BYTES_MIN, now));
        long first = open("first");
        for (int i = 1; i < 200; i++) {
            open("s-" + i);
        }
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 200; i++) {
                holdAndRelease("g-" + i + "-" + round, first + i);
            }
        }
        assertNull(table.endedGrant("g-0-0"));
        assertNotNull(table.endedGrant("g-0-58"));
        long living = 200 * 500;
        assertTrue(table.bytes() < living + Limits.STATE_BYTES_MIN / 4, () -> table.bytes() + " bytes");
        restore(null);
        for (int i = 0; i < 200; i++) {
            apply(new Command.CloseSession(first + i, now));
        }
        restore(null);
        assertTrue(table.bytes() < Limits.STATE_BYTES_MIN / 4, () -> table.bytes() + " bytes");
    }

    @Test
    void whatIsYoungIsRememberedWhateverItsCount() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(2, 2, 2, 0, 60_000));
        table = new LockTable(quotas);
        assertEquals(OptionalLong.empty(), table.oldestEndedMillis());
        long alice = open("alice");
        for (int i = 0; i < 30; i++) {
            holdAndRelease("g-" + i, alice);
        }
        // A server whose clock is behind makes nothing older.
        now = 10;
        holdAndRelease("behind", alice);
        assertEquals(1_000, table.endedGrant("behind").atMillis());
        now = 60_999;
        holdAndRelease("last", alice);
        assertNotNull(table.endedGrant("g-0"));
        assertEquals(OptionalLong.of(1_000), table.oldestEndedMillis());

        now = 61_000;
        holdAndRelease("later", alice);
        assertNull(table.endedGrant("g-15"));
        assertNotNull(table.endedGrant("g-16"), "one end forgets all that is old");
        restore(quotas);
        holdAndRelease("later-2", alice);
        assertNull(table.endedGrant("behind"));
        assertNotNull(table.endedGrant("last"));
        assertEquals(OptionalLong.of(60_999), table.oldestEndedMillis());
    }

    @Test
    void sessionsThatEndedAreRememberedByTheirAgeToo() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(2, 2, 2, 0, 60_000));
        table = new LockTable(quotas);
        long first = open("s-0");
        apply(new Command.CloseSession(first, now));
        for (int i = 1; i < 10; i++) {
            apply(new Command.CloseSession(open("s-" + i), now));
        }
        assertInstanceOf(Result.SessionEnded.class, apply(new Command.OpenSession("s-0", 1000, "", "", now)));
        now = 61_000;
        apply(new Command.CloseSession(open("last"), now));
        assertInstanceOf(Result.SessionOpened.class, apply(new Command.OpenSession("s-0", 1000, "", "", now)));
        restore(quotas);
    }

    /** The clock of a server that is far ahead leaves the counts, and the bytes, in force. */
    @Test
    void aClockThatLeapsForgetsNoMoreThanTheCountSays() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(10, 2, 2, 0, 60_000));
        table = new LockTable(quotas);
        long alice = open("alice");
        for (int i = 0; i < 20; i++) {
            holdAndRelease("g-" + i, alice);
        }
        now = Long.MAX_VALUE;
        holdAndRelease("ahead", alice);
        now = 2_000;
        assertNull(table.endedGrant("g-10"));
        assertNotNull(table.endedGrant("g-11"));
        holdAndRelease("next", alice);
        assertNotNull(table.endedGrant("ahead"));
        restore(quotas);
    }

    @Test
    void belowLevelThreeOneMemoryIsForAllAndKnowsNoTime() {
        Quotas quotas = ROOMY.with(new Quotas.Ended(2, 2, 2, 5, 60_000));
        table = new LockTable(Rules.at(2).with(quotas));
        long alice = open("alice");
        holdAndRelease("done", alice);
        acquire("holds", alice, "busy");
        acquire("try-1", alice, "busy");
        assertNotNull(table.endedGrant("done"));
        assertEquals(OptionalLong.empty(), table.oldestEndedMillis());
        acquire("try-2", alice, "busy");
        assertNull(table.endedGrant("done"));
        restore(quotas);

        table.reconfigured(3);
        holdAndRelease("third", alice);
        acquire("try-3", alice, "busy");
        assertNull(table.endedGrant("try-3").note());
        assertEquals(now, table.endedGrant("third").atMillis());
        // What ended before has no age, so it goes by the count, and the session lives.
        assertEquals(0, table.endedGrant("try-1").atMillis());
        restore(quotas);
    }
}

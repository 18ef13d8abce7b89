package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A holder that releases its locks may leave them closed for a while. */
class ClosedReleasesTest {

    private static final int HOUR = 3_600_000;

    private final LockTable table = new LockTable();
    private long revision;

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private void open(long lockDelay) {
        apply(new Command.OpenSession("k" + revision, 10_000, "", "", lockDelay, 0));
    }

    private Result acquire(String grant, long session, long wait, Claim... claims) {
        return apply(new Command.Acquire(grant, session, List.of(claims), wait, "", 0))
                .result();
    }

    private Applied release(String grant, long closedMillis) {
        return apply(new Command.Release(grant, 0, "", closedMillis, 0));
    }

    private Applied expire(String lock, long number) {
        return apply(new Command.ExpireDelays(List.of(new LockDelay(lock, number)), 0));
    }

    private static List<String> texts(Applied applied) {
        return applied.changes().stream()
                .map(change -> change.kind() + " " + (change.grant() == null ? "" : change.grant()))
                .toList();
    }

    @Test
    void theLockIsClosedForOthersWhateverBecomesOfTheClientAndThenTheLineMovesOn() {
        open(0);
        open(0);
        acquire("g", 1, 0, Claim.exclusive("a"));
        acquire("waits", 2, 60_000, Claim.exclusive("a"));
        Applied released = release("g", HOUR);
        long number = revision;

        assertInstanceOf(Result.Released.class, released.result());
        assertEquals(List.of("RELEASED g", "DELAYED g"), texts(released));
        assertEquals(HOUR, released.changes().get(1).millis());
        assertEquals(Cause.REQUESTED, released.changes().get(1).cause());
        assertEquals(new Result.LockDelayed("try", "a", HOUR), acquire("try", 1, 0, Claim.exclusive("a")));
        apply(new Command.CloseSession(1, 0));
        assertEquals(HOUR, table.lock("a", 10).delayMillis());

        assertEquals(List.of(), texts(expire("a", number - 1)));
        assertEquals(List.of("DELAY_ENDED ", "GRANTED waits"), texts(expire("a", number)));
    }

    @Test
    void aReleaseThatIsSentAgainClosesNothingAgain() {
        open(0);
        acquire("g", 1, 0, Claim.exclusive("a"));
        release("g", HOUR);
        expire("a", revision);
        long before = table.digest();

        assertEquals(
                new Result.Gone("g", Cause.REQUESTED, null), release("g", HOUR).result());
        assertEquals(before, table.digest());
        assertInstanceOf(Result.Granted.class, acquire("next", 1, 0, Claim.exclusive("a")));
    }

    @Test
    void aTicketThatLeavesTheLineClosesNothing() {
        open(0);
        open(0);
        acquire("g", 1, 0, Claim.exclusive("a"));
        acquire("waits", 2, 60_000, Claim.exclusive("a"));

        assertEquals(List.of("CANCELLED waits"), texts(release("waits", HOUR)));
        assertEquals(List.of(), texts(release("never", HOUR)));
        assertEquals(0, table.lock("a", 10).delayMillis());
    }

    @Test
    void aSetClosesAllItsLocksAndItsPrivateSessionEndsAfterThat() {
        apply(new Command.AcquireAlone(
                "set", List.of(Claim.exclusive("a"), Claim.semaphore("b", 1, 3)), 9_000, 0, "", "", 0));

        assertEquals(
                List.of("RELEASED set", "RELEASED set", "DELAYED set", "DELAYED set", "SESSION_ENDED "),
                texts(release("set", 1_000)));
        assertEquals(1_000, table.lock("a", 10).delayMillis());
        assertEquals(3, table.lock("b", 10).limit());
    }

    @Test
    void theLongerOfTwoTimesCounts() {
        open(60_000);
        open(0);
        acquire("one", 1, 0, Claim.shared("a"));
        acquire("other", 2, 0, Claim.shared("a"));
        acquire("last", 1, 0, Claim.shared("a"));
        release("other", HOUR);
        release("one", 1_000);
        assertEquals(HOUR, table.lock("a", 10).delayMillis());
        apply(new Command.ExpireSessions(List.of(1L), 0));

        assertEquals(HOUR, table.lock("a", 10).delayMillis());
        assertEquals(List.of("DELAY_ENDED "), texts(expire("a", revision)));
    }

    @Test
    void aLockThatIsClosedForADaySurvivesASnapshot() throws IOException {
        open(0);
        acquire("g", 1, 0, Claim.exclusive("a"));
        release("g", Limits.CLOSED_MAX_MILLIS);
        LockTable read = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)));

        assertEquals(table.digest(), read.digest());
        assertEquals(Limits.CLOSED_MAX_MILLIS, read.lock("a", 10).delayMillis());
    }

    @Test
    void aReleaseThatLeavesItsLockClosedTakesNoMoreBytes() {
        open(0);
        long empty = table.bytes();
        acquire("g", 1, 0, Claim.exclusive("a"));
        long held = table.bytes();
        release("g", HOUR);

        assertTrue(table.bytes() <= held + Weights.ENDED_GRANT + 100, table.bytes() + " after " + held);
        assertEquals(List.of("DELAY_ENDED "), texts(expire("a", revision)));
        assertTrue(table.bytes() < held, table.bytes() + " after " + held + " and " + empty);
    }
}

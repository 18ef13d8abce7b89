package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.lease.Endings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sessions that have so much that one transaction does not end them. */
class EndingsTest {

    private static final Quotas TWO_AT_ONCE = new Quotas(99, 999, 99, 99, 999, 99, 99_999).withPlacesOfEndings(2);

    private LockTable table = new LockTable();
    private long revision;

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private long open(String key, int lockDelay) {
        return apply(new Command.OpenSession(key, 1000, "", "", lockDelay, 0)).revision();
    }

    private Result acquire(String grant, long session, long wait, Claim... claims) {
        return apply(new Command.Acquire(grant, session, List.of(claims), wait, "", 0))
                .result();
    }

    private int endAll() {
        int transactions = 0;
        while (table.endingPlaces() > 0) {
            apply(new Command.ContinueEndings(0));
            assertTrue(++transactions < 1_000, "it does not end");
        }
        return transactions;
    }

    @Test
    void aRackThatDiesEndsInTransactionsOfBoundedSize() {
        List<Long> sessions = new ArrayList<>();
        for (int s = 0; s < 1_000; s++) {
            long session = open("s" + s, 5_000);
            sessions.add(session);
            for (int i = 0; i < 10; i++) {
                acquire("g" + s + "-" + i, session, 0, Claim.exclusive("l" + s + "/" + i));
            }
        }
        Endings endings = new Endings();
        List<Applied> all = new ArrayList<>();
        all.add(apply(new Command.ExpireSessions(sessions, 0)));
        assertEquals(new Result.Expired(1_000), all.get(0).result());
        assertEquals(9_000, table.endingPlaces());
        assertEquals(8, endings.due(table));
        while (table.endingPlaces() > 0) {
            endings.proposed();
            all.add(apply(new Command.ContinueEndings(0)));
            endings.applied(all.get(all.size() - 1));
        }
        assertEquals(0, endings.due(table));
        assertEquals(10, all.size());
        int changes = 0;
        for (Applied applied : all) {
            assertTrue(applied.changes().size() <= 2_200, applied.changes().size() + " changes in one transaction");
            changes += applied.changes().size();
        }
        assertEquals(21_000, changes, "each grant expired, each lock delayed, each session ended");
        assertEquals(0, table.sessionCount());
        assertEquals(0, table.heldCount());
    }

    @Test
    void aSessionThatEndsGetsNothingMoreAndIsToldSo() throws IOException {
        table = new LockTable(TWO_AT_ONCE);
        long owner = open("owner", 0);
        long other = open("other", 0);
        for (int i = 0; i < 5; i++) {
            acquire("g" + i, owner, 0, Claim.exclusive("l" + i));
        }
        acquire("held", other, 0, Claim.exclusive("x"));
        acquire("waits", owner, 9_000, Claim.exclusive("x"));
        acquire("behind", other, 9_000, Claim.exclusive("x"));
        assertEquals(
                new Result.SessionClosed(owner),
                apply(new Command.CloseSession(owner, 0)).result());
        assertEquals(4, table.endingPlaces());
        assertNull(table.session(owner));
        assertNotNull(table.endedSession(owner));
        assertEquals(
                List.of(other),
                table.sessions("", 0, 9).stream().map(SessionView::id).toList());

        Result ended = new Result.SessionEnded(owner, Cause.REQUESTED);
        assertEquals(ended, acquire("new", owner, 0, Claim.exclusive("y")));
        assertEquals(ended, apply(new Command.CloseSession(owner, 0)).result());
        assertEquals(
                ended,
                apply(new Command.OpenSession("owner", 1000, "", "", 0, 0)).result());
        apply(new Command.ExpireSessions(List.of(owner), 0));
        assertEquals(
                new Result.Gone("g4", Cause.SESSION_CLOSED, null),
                apply(new Command.Release("g4", 0, 0)).result());
        assertInstanceOf(
                Result.GrantEnded.class,
                apply(new Command.ChangeMode("g4", 0, Mode.SHARED, 0)).result());
        assertInstanceOf(Result.GrantEnded.class, acquire("g4", owner, 0, Claim.exclusive("l4")));

        apply(new Command.Release("held", 0, 0));
        assertNull(table.grant("waits"), "nobody works under a grant of a session that ended");
        EndedView waits = Objects.requireNonNull(table.endedGrant("waits"));
        assertEquals(Cause.SESSION_CLOSED, waits.cause());
        assertEquals(0, waits.token(), "and nothing is granted to it");
        assertFalse(table.grant("behind").granted(), "and nobody overtakes it before it is gone");
        assertNull(table.grant("g4"), "nor does a holder of it hold anything");
        assertNotEquals(0, Objects.requireNonNull(table.endedGrant("g4")).token());
        table = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)), TWO_AT_ONCE);
        assertEquals(2, endAll());
        assertTrue(table.grant("behind").granted());
        assertEquals(ended, apply(new Command.CloseSession(owner, 0)).result());
        assertEquals(1, table.sessionCount());
    }

    @Test
    void aSessionThatEndsClosesNoCycle() {
        table = new LockTable(TWO_AT_ONCE);
        long ends = open("ends", 0);
        long asker = open("asker", 0);
        acquire("first", asker, 0, Claim.exclusive("x"));
        for (int i = 0; i < 3; i++) {
            acquire("g" + i, ends, 0, Claim.exclusive("l" + i));
        }
        acquire("waits", ends, 9_000, Claim.exclusive("x"));
        apply(new Command.CloseSession(ends, 0));
        assertInstanceOf(Result.Waiting.class, acquire("second", asker, 9_000, Claim.exclusive("l2")));
        endAll();
        assertTrue(table.grant("second").granted());
    }

    /** Whatever happens between the parts: what ended gets nothing, is remembered alike, and is gone at last. */
    @Test
    void randomEndsInSmallPartsLeaveNothingBehind() throws IOException {
        for (long seed = 0; seed < 150; seed++) {
            try {
                run(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void run(Random random) throws IOException {
        table = new LockTable(TWO_AT_ONCE);
        revision = 0;
        List<Long> sessions = new ArrayList<>();
        Map<Long, Integer> ends = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            sessions.add(open("s" + i, random.nextInt(2) * 1_000));
        }
        for (int step = 0; step < 120; step++) {
            int chosen = random.nextInt(24);
            long session = sessions.get(random.nextInt(sessions.size()));
            Command command;
            if (chosen < 12) {
                command = new Command.Acquire("g" + step, session, claims(random), random.nextInt(3) * 1_000L, "", 0);
            } else if (chosen < 16) {
                command = new Command.Release("g" + random.nextInt(step + 1), 0, 0);
            } else if (chosen < 18) {
                command = new Command.CloseSession(session, 0);
            } else if (chosen < 20) {
                command = new Command.ExpireSessions(List.of(session), 0);
            } else if (chosen < 21) {
                command = new Command.OpenSession("s" + step + 4, 1_000, "", "", 0, 0);
            } else {
                command = new Command.ContinueEndings(0);
            }
            Applied applied = apply(command);
            if (applied.result() instanceof Result.SessionOpened) {
                sessions.add(revision);
            }
            check(applied, ends);
            if (random.nextInt(10) == 0) {
                byte[] written = TablePair.snapshot(table);
                table = LockTable.read(new ByteArrayInputStream(written), TWO_AT_ONCE);
                assertArrayEquals(written, TablePair.snapshot(table));
            }
        }
        for (long session : sessions) {
            check(apply(new Command.CloseSession(session, 0)), ends);
        }
        endAll();
        assertEquals(0, table.sessionCount());
        assertEquals(0, table.heldCount() + table.waiterCount());
        assertEquals(List.of(), table.locks("", true, null, 9));
    }

    private static List<Claim> claims(Random random) {
        TreeSet<Integer> locks = new TreeSet<>(List.of(random.nextInt(6), random.nextInt(6)));
        return locks.stream()
                .map(i -> i == 0
                        ? Claim.semaphore("l0", 1, 2)
                        : random.nextInt(3) == 0 ? Claim.shared("l" + i) : Claim.exclusive("l" + i))
                .toList();
    }

    private void check(Applied applied, Map<Long, Integer> ends) {
        int taken = 0;
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED) {
                assertNotNull(table.session(change.session()), "granted to a session that ended: " + change);
                assertNull(ends.get(change.session()));
            }
            taken += change.cause() == Cause.SESSION_EXPIRED || change.cause() == Cause.SESSION_CLOSED ? 1 : 0;
            if (change.kind() == Change.Kind.SESSION_ENDED) {
                assertEquals(1, ends.merge(change.session(), 1, Integer::sum));
                assertEquals(List.of(), table.grantsOf(change.session(), 0, 9));
            }
        }
        assertTrue(taken <= 8, () -> applied + " takes more than it may");
    }
}

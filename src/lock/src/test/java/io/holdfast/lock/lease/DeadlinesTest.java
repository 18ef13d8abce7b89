package io.holdfast.lock.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of time (protocol.md#leases) that the lease clock keeps. */
class DeadlinesTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final long TICK = Deadlines.TICK_NANOS;

    private final LockTable table = new LockTable();
    private final Deadlines deadlines = new Deadlines();
    private long revision;

    /** protocol.md#x06: never early, late by one bucket at most, on either side of a clock's zero. */
    @Test
    void aBucketIsDueAfterItsDeadlinesAndAtMostOneTickLater() {
        Random random = new Random(6);
        for (int i = 0; i < 200_000; i++) {
            long tick = MILLI * (1 + random.nextInt(1000));
            long deadline = random.nextLong() / 4;
            if (i % 10 == 0) {
                deadline = deadline / tick * tick;
            }
            long due = Deadlines.bucketOf(deadline, tick) * tick;
            assertTrue(due > deadline && due <= deadline + tick, deadline + " in buckets of " + tick);
        }
    }

    /**
     * protocol.md#t4, protocol.md#x08: random sessions, touches, pauses and late calls; the expected deadline is kept
     * beside.
     */
    @Test
    void aSessionIsDueNeverEarlyAndNeverLaterThanOneTick() {
        for (long seed = 0; seed < 40; seed++) {
            runRandomly(new Random(seed), seed);
        }
    }

    private static void runRandomly(Random random, long seed) {
        LockTable table = new LockTable();
        Deadlines clock = new Deadlines(TICK, random.nextInt(3));
        TreeMap<Long, Long> touched = new TreeMap<>();
        TreeSet<Long> closing = new TreeSet<>();
        long now = random.nextLong() / 8;
        long paused = 0;
        clock.reset(now, table);
        for (long step = 1; step <= 600; step++) {
            now += (long) (random.nextDouble() * 400 * MILLI);
            if (random.nextInt(40) == 0) {
                long pause = (long) (random.nextDouble() * 5 * SECOND);
                now += pause;
                clock.extend(pause);
                paused += pause;
            }
            long lease = now - paused;
            if (random.nextInt(3) == 0) {
                long ttl = 500 + random.nextInt(4000);
                clock.applied(now, table.apply(step, new Command.OpenSession("k" + step, ttl, "", "", 0)));
                touched.put(step, lease);
            }
            if (!touched.isEmpty()) {
                Long id = touched.floorKey(1 + (long) (random.nextDouble() * step));
                if (id != null) {
                    assertEquals(closing.contains(id) ? Touch.CLOSING : Touch.EXTENDED, clock.touch(now, id));
                    touched.computeIfPresent(id, (k, old) -> closing.contains(k) ? old : lease);
                }
            }
            for (long id : clock.due(now).sessions()) {
                assertTrue(closing.add(id), "twice");
                long sinceHeard = lease - touched.get(id);
                long ttl = table.session(id).ttlMillis() * MILLI;
                assertTrue(sinceHeard > ttl, () -> "early, seed " + seed);
            }
            for (long id : touched.keySet()) {
                long ttl = table.session(id).ttlMillis() * MILLI;
                long late = lease - touched.get(id) - ttl - ttl * 2 / 1000;
                assertTrue(closing.contains(id) || late <= TICK, () -> "late, seed " + seed);
            }
        }
    }

    @Test
    void theDriftBoundIsWaitedToo() {
        open(100_000);
        assertTrue(deadlines.due(100 * SECOND + TICK).isEmpty());
        assertEquals(List.of(1L), deadlines.due(100 * SECOND + 2 * TICK).sessions());
    }

    @Test
    void aNewLeaderForgetsTheDeadlinesOfItsEarlierTerm() {
        long session = open(1000);
        deadlines.reset(SECOND / 2, table);
        assertTrue(deadlines.due(SECOND + 2 * TICK).isEmpty());
        assertEquals(List.of(session), deadlines.due(2 * SECOND).sessions());
    }

    @Test
    void whatIsDueIsHandedOutOnceAndAtMostAThousandAtATime() {
        for (int i = 0; i < 2500; i++) {
            open(1000);
        }
        long later = 2 * SECOND;
        List<Long> all = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (Due due = deadlines.due(later); !due.isEmpty(); due = deadlines.due(later)) {
            sizes.add(due.sessions().size());
            all.addAll(due.sessions());
        }
        assertEquals(List.of(1000, 1000, 500), sizes);
        assertEquals(2500, new TreeSet<>(all).size());
        assertEquals(Long.MAX_VALUE, deadlines.nextDue());
    }

    /** protocol.md#t8, protocol.md#x07. */
    @Test
    void aKeepaliveCannotReviveASessionWhoseExpiryIsOnItsWay() {
        long session = open(1000);
        assertEquals(Touch.EXTENDED, deadlines.touch(0, session));
        assertEquals(List.of(session), deadlines.due(2 * SECOND).sessions());
        assertEquals(Touch.CLOSING, deadlines.touch(2 * SECOND, session));
        assertEquals(0, deadlines.leftMillis(2 * SECOND, session));
        assertTrue(deadlines.due(100 * SECOND).isEmpty());
        apply(100 * SECOND, new Command.ExpireSessions(List.of(session), 0));
        assertEquals(Touch.UNKNOWN, deadlines.touch(100 * SECOND, session));
        assertEquals(0, deadlines.sessionCount());
    }

    @Test
    void whatCouldNotBeProposedIsDueAgainAtTheNextTick() {
        long session = open(1000);
        apply(0, acquire("holder", session, 0));
        apply(0, acquire("waiter", session, 1000));
        Due due = deadlines.due(2 * SECOND);
        assertEquals(1, due.sessions().size());
        assertEquals(1, due.waits().size());
        deadlines.again(2 * SECOND, due);
        deadlines.again(2 * SECOND, due);
        assertTrue(deadlines.due(2 * SECOND).isEmpty());
        assertEquals(due, deadlines.due(2 * SECOND + TICK));
    }

    /** protocol.md#t8: while no proposal is under way, a keepalive counts, and its full ttl with it. */
    @Test
    void aKeepaliveCallsOffAnExpiryThatWasNotProposed() {
        long session = open(1000);
        Due due = deadlines.due(2 * SECOND);
        assertEquals(Touch.CLOSING, deadlines.touch(2 * SECOND, session));
        deadlines.again(2 * SECOND, due);
        assertEquals(Touch.EXTENDED, deadlines.touch(2 * SECOND, session));
        assertTrue(deadlines.due(3 * SECOND).isEmpty());
        assertEquals(List.of(session), deadlines.due(3 * SECOND + TICK).sessions());
    }

    /** protocol.md#t5. */
    @Test
    void aNewLeaderGivesEverySessionAFullTtlAndEveryTicketAFullWait() {
        long session = open(10_000);
        apply(0, acquire("holder", session, 0));
        Ticket ticket = new Ticket("waiter", revision + 1);
        apply(0, acquire("waiter", session, 5000));
        assertEquals(List.of(ticket), deadlines.due(6 * SECOND).waits());
        assertEquals(List.of(session), deadlines.due(11 * SECOND).sessions());
        long began = 20 * SECOND;
        deadlines.reset(began, table);
        assertEquals(Touch.EXTENDED, deadlines.touch(began, session));
        assertTrue(deadlines.due(began + 5 * SECOND).isEmpty());
        assertEquals(List.of(ticket), deadlines.due(began + 6 * SECOND).waits());
        assertTrue(deadlines.due(began + 10 * SECOND).isEmpty());
        assertEquals(List.of(session), deadlines.due(began + 11 * SECOND).sessions());
    }

    /** protocol.md#t7. */
    @Test
    void aPauseOfTheLeaderMovesEveryDeadline() {
        long session = open(1000);
        deadlines.due(SECOND / 2);
        deadlines.extend(30 * SECOND);
        assertTrue(deadlines.due(31 * SECOND).isEmpty());
        assertEquals(deadlines.nextDue(), 30 * SECOND + 1100 * MILLI);
        assertEquals(List.of(session), deadlines.due(deadlines.nextDue()).sessions());
    }

    @Test
    void aClockThatGoesBackStandsStill() {
        long session = open(1000);
        assertTrue(deadlines.due(900 * MILLI).isEmpty());
        assertEquals(Touch.EXTENDED, deadlines.touch(-50 * SECOND, session));
        assertTrue(deadlines.due(1500 * MILLI).isEmpty());
        assertEquals(List.of(session), deadlines.due(2100 * MILLI).sessions());
    }

    @Test
    void aWaitEndsWithItsTicketWhetherGrantedOrCancelled() {
        long session = open(60_000);
        apply(0, acquire("holder", session, 0));
        apply(0, acquire("first", session, 5000));
        apply(0, acquire("second", session, 5000));
        assertEquals(2, deadlines.waitCount());
        apply(0, new Command.Release("holder", 0, 0));
        assertEquals(1, deadlines.waitCount());
        apply(0, new Command.Release("second", 0, 0));
        assertEquals(0, deadlines.waitCount());
        assertTrue(deadlines.due(10 * SECOND).isEmpty());
    }

    @Test
    void theTimeLeftIsShownAndIsNeverMoreThanTheTtl() {
        long session = open(10_000);
        assertEquals(10_000, deadlines.leftMillis(0, session), "no more than the ttl");
        assertEquals(5100, deadlines.leftMillis(5 * SECOND, session));
        assertEquals(0, deadlines.leftMillis(50 * SECOND, session));
        assertEquals(-1, deadlines.leftMillis(0, 99));
    }

    @Test
    void boundsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Deadlines(MILLI - 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Deadlines(TICK, 101));
        assertThrows(IllegalArgumentException.class, () -> deadlines.extend(-1));
    }

    private long open(long ttlMillis) {
        apply(0, new Command.OpenSession("k" + revision, ttlMillis, "", "", 0));
        return revision;
    }

    private void apply(long now, Command command) {
        Applied applied = table.apply(++revision, command);
        deadlines.applied(now, applied);
    }

    private static Command acquire(String grant, long session, long waitMillis) {
        return new Command.Acquire(grant, session, "l", Mode.EXCLUSIVE, waitMillis, "", 0);
    }
}

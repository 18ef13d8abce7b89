package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which tickets are refused because their sessions would wait for each other, and which are not. */
class DeadlocksTest {

    private final LockTable table =
            new LockTable(new Quotas(1_000, 100_000, 100_000, 100_000, 1_000, 1_000, Limits.TOKEN_MAX));
    private long revision;
    private final long alice = open("alice");
    private final long bob = open("bob");
    private final long carol = open("carol");

    @Test
    void twoSessionsThatWaitForEachOtherAreADeadlock() {
        ask("a", alice, Claim.exclusive("x"));
        ask("b", bob, Claim.exclusive("y"));
        ask("a2", alice, Claim.exclusive("y"));
        assertEquals(
                List.of("bob waits with b2 at x", "alice waits with a2 at y"), cycle("b2", bob, Claim.exclusive("x")));
        assertEquals(Cause.DEADLOCK, table.endedGrant("b2").cause());
        assertEquals(0, table.lock("x", 9).waiting());
        assertEquals(new Result.GrantEnded("b2", bob, 0, Cause.DEADLOCK), ask("b2", bob, Claim.exclusive("x")));
    }

    @Test
    void twoReadersThatBothWantToWriteAreADeadlock() {
        ask("a", alice, Claim.shared("x"));
        ask("b", bob, Claim.shared("x"));
        waits(ask("a2", alice, Claim.exclusive("x")));
        assertEquals(
                List.of("bob waits with b2 at x", "alice waits with a2 at x"), cycle("b2", bob, Claim.exclusive("x")));
    }

    @Test
    void aTicketWaitsForTheTicketsAheadOfItToo() {
        ask("c1", carol, Claim.exclusive("x"));
        ask("c2", carol, Claim.exclusive("y"));
        ask("a1", alice, Claim.exclusive("x"));
        ask("b1", bob, Claim.exclusive("y"));
        waits(ask("a2", alice, Claim.exclusive("y")));
        assertEquals(2, cycle("b2", bob, Claim.exclusive("x")).size());
    }

    /** Two paths lead to the same session, and none leads back. */
    @Test
    void aSessionThatIsMetTwiceIsNoCycle() {
        ask("c1", carol, Claim.exclusive("x"));
        ask("c2", carol, Claim.exclusive("y"));
        ask("b1", bob, Claim.exclusive("z"));
        waits(ask("b2", bob, Claim.exclusive("x")));
        waits(ask("b3", bob, Claim.exclusive("y")));
        waits(ask("a1", alice, Claim.exclusive("x"), Claim.exclusive("y"), Claim.exclusive("z")));
    }

    @Test
    void aSetClosesACycleAtAnyOfItsLocks() {
        ask("a", alice, Claim.exclusive("x"));
        ask("b", bob, Claim.exclusive("y"));
        waits(ask("a2", alice, Claim.shared("w"), Claim.shared("y")));
        assertEquals(
                List.of("bob waits with b2 at x", "alice waits with a2 at y"),
                cycle("b2", bob, Claim.shared("v"), Claim.shared("x")));
        waits(ask("b3", bob, Claim.shared("w"), Claim.exclusive("y")));
    }

    @Test
    void aSemaphoreIsADeadlockOnlyWhenThoseWhoCouldGoOnAreNotEnough() {
        ask("a", alice, Claim.semaphore("s", 1, 2));
        ask("c", carol, Claim.semaphore("s", 1, 2));
        ask("b", bob, Claim.exclusive("y"));
        waits(ask("a2", alice, Claim.exclusive("y")));
        // Carol can give her permit back, so bob gets it.
        waits(ask("b2", bob, Claim.semaphore("s", 1, 2)));
        apply(new Command.Release("b2", 0, 0));
        assertEquals(2, cycle("b3", bob, Claim.semaphore("s", 2, 2)).size());
        waits(ask("c2", carol, Claim.exclusive("y")));
        assertEquals(2, cycle("b4", bob, Claim.semaphore("s", 1, 2)).size());
    }

    @Test
    void grantsOfOneSessionOnOneLockAreStrangers() {
        ask("a", alice, Claim.exclusive("x"));
        waits(ask("b", bob, Claim.exclusive("x")));
        waits(ask("a2", alice, Claim.exclusive("x")));
        waits(ask("b2", bob, Claim.exclusive("x")));
        long dave = open("dave");
        ask("c1", carol, Claim.shared("y"));
        waits(ask("d1", dave, Claim.exclusive("y")));
        waits(ask("c2", carol, Claim.shared("y")));
    }

    @Test
    void aLongCycleIsToldInItsOrder() {
        List<Long> sessions = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sessions.add(open("s" + i));
            ask("hold-" + i, sessions.get(i), Claim.exclusive("lock-" + i));
        }
        for (int i = 1; i < 200; i++) {
            waits(ask("wait-" + i, sessions.get(i), Claim.exclusive("lock-" + (i - 1))));
        }
        List<String> cycle = cycle("last", sessions.get(0), Claim.exclusive("lock-199"));
        assertEquals(200, cycle.size());
        assertEquals("s0 waits with last at lock-199", cycle.get(0));
        assertEquals("s199 waits with wait-199 at lock-198", cycle.get(1));
    }

    /** The bound: what stands ahead in the new line is not looked at, only who waits for the asking session. */
    @Test
    void aTicketBehindThousandsCostsNoMoreThanItsSessionIsWaitedFor() {
        ask("holder", carol, Claim.exclusive("hot"));
        for (int i = 0; i < 20_000; i++) {
            long session = open("w" + i);
            ask("w" + i, session, Claim.exclusive("hot"));
        }
        ask("a", alice, Claim.exclusive("own"));
        // Of this thread alone: others may have the processor meanwhile.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 500; i++) {
            waits(ask("a" + i, alice, Claim.exclusive("hot")));
            apply(new Command.Release("a" + i, 0, 0));
        }
        long each = (threads.getCurrentThreadCpuTime() - before) / 500;
        assertTrue(each < 5_000_000, () -> "one ticket took " + each + " ns");
    }

    private Deadlocks.Search searchInACrowd(int tickets, int steps) {
        long holder = open("holder");
        long keeper = open("keeper");
        long crowd = open("crowd");
        long asker = open("asker");
        Claim one = Claim.semaphore("permits", 1, 2);
        granted(ask("held", holder, one));
        granted(ask("own", asker, one));
        granted(ask("kept", keeper, Claim.exclusive("wanted")));
        for (int i = 0; i < tickets; i++) {
            waits(ask("crowd-" + i, crowd, one));
        }
        waits(ask("keeper", keeper, one));
        waits(ask("asks", asker, Claim.exclusive("wanted")));
        return table.search("asks", steps);
    }

    private static void granted(Result result) {
        assertEquals(Result.Granted.class, result.getClass());
    }

    /** A crowd in line for permits: each of its tickets was compared with all before it, n * n / 2 looks. */
    @Test
    void aLineOfManyTicketsIsWalkedOnceInEachRound() {
        Deadlocks.Search search = searchInACrowd(2_000, Integer.MAX_VALUE);
        assertTrue(search.complete());
        assertEquals(List.of(), search.cycle());
        assertTrue(search.steps() < 20_000, () -> search.steps() + " steps");
    }

    @Test
    void aSearchEndsAtItsBoundAndTheTicketWaits() {
        Deadlocks.Search search = searchInACrowd(6_000, 10_000);
        assertFalse(search.complete());
        assertEquals(List.of(), search.cycle());
        assertEquals(10_001, search.steps());
        assertEquals(0, table.grant("asks").token());
        WhyView why = table.why("asks");
        assertFalse(why.searched());
        assertEquals(List.of(), why.cycle());
        assertEquals(1, why.lines().size());
    }

    /** Random waits with many sessions, against a search that knows no order and no shortcut. */
    @Test
    void everyRefusalIsACycleAndEveryCycleIsRefused() {
        int refused = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            TablePair pair = new TablePair(new Quotas(20, 200, 50, 50, 50, 50, 1_000_000));
            for (long session = 1; session <= 10; session++) {
                pair.apply(session, new Command.OpenSession("k" + session, 1000, "", "", 0));
            }
            for (int step = 11; step < 90; step++) {
                Command command = random.nextInt(6) == 0
                        ? new Command.Release("g" + random.nextInt(step), 0, 0)
                        : new Command.Acquire(
                                "g" + step, 1 + random.nextInt(10), List.copyOf(claims(random)), 1000, "", 0);
                try {
                    refused += pair.apply(step, command).result() instanceof Result.Deadlock ? 1 : 0;
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
            pair.restore();
            pair.compare();
        }
        assertTrue(refused > 100, "only " + refused + " cycles");
    }

    private static List<Claim> claims(Random random) {
        List<Claim> claims = new ArrayList<>();
        int from = random.nextInt(9);
        for (int i = from; i < Math.min(9, from + 1 + random.nextInt(2)); i++) {
            claims.add(
                    i % 3 == 0
                            ? Claim.semaphore("l" + i, 1 + random.nextInt(2), 3)
                            : random.nextInt(3) > 0 ? Claim.exclusive("l" + i) : Claim.shared("l" + i));
        }
        return claims;
    }

    private long open(String name) {
        return apply(new Command.OpenSession(name, 15_000, name, "", 0)).revision();
    }

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private Result ask(String grant, long session, Claim... claims) {
        return apply(new Command.Acquire(grant, session, List.of(claims), 60_000, "", 0))
                .result();
    }

    private static void waits(Result result) {
        assertEquals(Result.Waiting.class, result.getClass());
    }

    private List<String> cycle(String grant, long session, Claim... claims) {
        Result.Deadlock deadlock = (Result.Deadlock) ask(grant, session, claims);
        return deadlock.cycle().stream()
                .map(step -> step.sessionName() + " waits with " + step.grant() + " at " + step.lock())
                .toList();
    }
}

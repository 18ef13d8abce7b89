package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change.Kind;
import io.holdfast.lock.Result.ModeRefused.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shared locks, semaphores and lock sets: who is let in, in which order, and who is not. */
class ModesTest {

    private static final Claim READ = Claim.shared("l");
    private static final Claim WRITE = Claim.exclusive("l");

    private final LockTable table =
            new LockTable(new Quotas(1_000, 100_000, 100_000, 100_000, 1_000, 1_000, Limits.TOKEN_MAX));
    private long revision;
    private final long alice = open("alice");
    private final long bob = open("bob");
    private final long carol = open("carol");

    @Test
    void aWaitingWriterIsNotOvertakenByLaterReaders() {
        granted("r1", alice, READ);
        granted("r2", bob, READ);
        waiting("w", bob, WRITE);
        waiting("r3", alice, READ);
        assertEquals(List.of(), grants(release("r1")));
        assertEquals(List.of("w"), grants(release("r2")));
        assertEquals(List.of("r3"), grants(release("w")));
    }

    @Test
    void aReleaseLetsInAllReadersUpToTheNextWriter() {
        granted("w1", alice, WRITE);
        waiting("r1", bob, READ);
        waiting("r2", alice, READ);
        waiting("w2", bob, WRITE);
        waiting("r3", alice, READ);
        Applied released = release("w1");
        assertEquals(List.of("r1", "r2"), grants(released));
        assertEquals(2, table.grant("r1").token());
        assertEquals(3, table.grant("r2").token());
        assertEquals(List.of("r3"), grants(release("w2")), "a writer that leaves the line lets readers in");
    }

    @Test
    void aSemaphoreIsFilledFromTheHeadOfTheLine() {
        granted("two", alice, Claim.semaphore("l", 2, 3));
        waiting("many", bob, Claim.semaphore("l", 3, 3));
        waiting("one", bob, Claim.semaphore("l", 1, 3));
        assertEquals(List.of(), grants(release("nobody")));
        assertEquals(List.of("many"), grants(release("two")));
        assertEquals(List.of("one"), grants(release("many")));
        assertEquals(1, table.lock("l", 9).used());
    }

    @Test
    void theLimitIsFixedForAsLongAsTheLockIsInUse() {
        granted("a", alice, Claim.semaphore("l", 1, 3));
        Result mismatch =
                apply(acquire("b", bob, 9, Claim.semaphore("l", 1, 4))).result();
        assertEquals(new Result.LimitMismatch("b", "l", 3), mismatch);
        assertEquals(Cause.LIMIT_MISMATCH, table.endedGrant("b").cause());
        assertEquals(
                new Result.LimitMismatch("c", "l", 3),
                apply(acquire("c", bob, 9, WRITE)).result());
        release("a");
        granted("d", bob, WRITE);
        assertEquals(
                new Result.LimitMismatch("e", "l", 0),
                apply(acquire("e", bob, 9, Claim.semaphore("l", 1, 4))).result());
    }

    @Test
    void aDowngradeKeepsItsTokenAndLetsReadersIn() {
        granted("w", alice, WRITE);
        waiting("r", bob, READ);
        Applied applied = apply(new Command.ChangeMode("w", 1, Mode.SHARED, 0));
        assertEquals(
                List.of("DOWNGRADED w 1", "GRANTED r 2"),
                applied.changes().stream()
                        .map(c -> c.kind() + " " + c.grant() + " " + c.token())
                        .toList());
        assertTrue(table.check("l", 1).valid());
        assertEquals(2, table.check("l", 1).current());
    }

    @Test
    void anUpgradeIsForTheSoleHolderAndGivesANewToken() {
        granted("r1", alice, READ);
        granted("r2", bob, READ);
        assertEquals(Reason.NOT_ALONE, refusal("r1"));
        release("r2");
        waiting("w", bob, WRITE);
        Applied applied = apply(new Command.ChangeMode("r1", 0, Mode.EXCLUSIVE, 0));
        assertEquals(Kind.UPGRADED, applied.changes().get(0).kind());
        assertEquals(3, table.grant("r1").token());
        assertFalse(table.check("l", 1).valid());
        assertEquals(Reason.IN_LINE, refusal("w"));
        assertEquals(
                new Result.TokenStale("r1", 3),
                apply(new Command.ChangeMode("r1", 1, Mode.SHARED, 0)).result());
    }

    @Test
    void aSharedTicketThatIsOnlyWaitingElsewhereIsNotOvertakenByAnUpgrade() {
        granted("r", alice, READ);
        granted("m", alice, Claim.exclusive("m"));
        waiting("set", bob, READ, Claim.exclusive("m"));
        assertEquals(Reason.PROMISED, refusal("r"));
        assertEquals(List.of("set", "set"), grants(release("m")));
    }

    @Test
    void aSetHoldsNoPartAndIsNotOvertakenAndDoesNotOvertake() {
        granted("b", alice, Claim.exclusive("b"));
        granted("c", alice, Claim.exclusive("c"));
        waiting("single", bob, Claim.exclusive("c"));
        waiting("set", bob, Claim.exclusive("a"), Claim.exclusive("b"), Claim.exclusive("c"));
        assertEquals(0, table.lock("a", 9).used());
        // A free lock with the set in line is not given away behind it.
        waiting("later", carol, Claim.exclusive("a"));
        assertEquals(
                Result.LockHeld.class,
                apply(acquire("try", carol, 0, Claim.exclusive("a"))).result().getClass());
        assertEquals(List.of(), grants(release("b")));
        assertEquals(List.of("single"), grants(release("c")), "the set does not overtake");
        assertEquals(List.of("set", "set", "set"), grants(release("single")));
        for (String name : List.of("a", "b", "c")) {
            assertTrue(table.check(name, table.grant("set").token()).valid(), name);
        }
        assertEquals(List.of("later"), grants(release("set")));
    }

    @Test
    void aSetThatGivesUpLetsThoseBehindItIn() {
        granted("b", alice, Claim.exclusive("b"));
        waiting("set", bob, Claim.exclusive("a"), Claim.exclusive("b"));
        waiting("later", carol, Claim.exclusive("a"));
        assertEquals(
                List.of("later"),
                grants(apply(new Command.ExpireWaits(List.of(table.grant("set").place()), 0))));
    }

    @Test
    void aSetMakesAChangeForEachOfItsLocks() {
        Applied applied = apply(acquire("set", alice, 0, Claim.exclusive("a"), Claim.shared("b")));
        assertEquals(
                List.of("a", "b"), applied.changes().stream().map(Change::lock).toList());
        assertEquals(1, applied.changes().stream().map(Change::token).distinct().count());
    }

    /** Every place counts, so that sets cannot make the table larger than its quota. */
    @Test
    void aSetCountsAsManyAsItNames() {
        LockTable small = new LockTable(new Quotas(9, 3, 9, 9, 9, 9, 99));
        long session =
                small.apply(1, new Command.OpenSession("k", 1000, "", "", 0)).revision();
        small.apply(2, acquire("set", session, 0, Claim.exclusive("a"), Claim.shared("b")));
        Result full = small.apply(3, acquire("two", session, 0, Claim.exclusive("c"), Claim.shared("d")))
                .result();
        assertEquals(new Result.QuotaExceeded(Quota.GRANTS, 3, null), full);
    }

    @Test
    void manyThousandReadersAreLetInByOneRelease() {
        granted("w", alice, WRITE);
        for (int i = 0; i < 20_000; i++) {
            waiting("r" + i, bob, READ);
        }
        assertEquals(20_000, grants(release("w")).size());
        assertEquals(20_000, table.lock("l", 1).used());
    }

    private Reason refusal(String grant) {
        Result result =
                apply(new Command.ChangeMode(grant, 0, Mode.EXCLUSIVE, 0)).result();
        return ((Result.ModeRefused) result).reason();
    }

    private long open(String name) {
        return apply(new Command.OpenSession(name, 15_000, name, "", 0)).revision();
    }

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private static Command acquire(String grant, long session, long wait, Claim... claims) {
        return new Command.Acquire(grant, session, List.of(claims), wait, "", 0);
    }

    private void granted(String grant, long session, Claim... claims) {
        assertEquals(
                Result.Granted.class,
                apply(acquire(grant, session, 0, claims)).result().getClass());
    }

    private void waiting(String grant, long session, Claim... claims) {
        assertEquals(
                Result.Waiting.class,
                apply(acquire(grant, session, 60_000, claims)).result().getClass());
    }

    private Applied release(String grant) {
        return apply(new Command.Release(grant, 0, 0));
    }

    private static List<String> grants(Applied applied) {
        return applied.changes().stream()
                .filter(change -> change.kind() == Kind.GRANTED)
                .map(Change::grant)
                .toList();
    }
}

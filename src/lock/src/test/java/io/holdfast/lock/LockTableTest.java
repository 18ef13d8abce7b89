package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change.Kind;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of locks (protocol.md#locks) that the table keeps, one by one. */
class LockTableTest {

    private static final long EPOCH = 3L << 32;

    private LockTable table = new LockTable();
    private long revision = EPOCH;
    private long alice;
    private long bob;
    private long carol;

    @BeforeEach
    void openSessions() {
        alice = open("alice");
        bob = open("bob");
        carol = open("carol");
    }

    @Test
    void aSessionIsNamedAfterTheTransactionThatOpenedIt() {
        assertEquals("3-1", Revision.text(alice));
        assertEquals(alice, Revision.parse("3-1"));
        assertEquals("3-3", Revision.text(carol));
    }

    @Test
    void theSameKeyOpensTheSameSession() {
        Command again = new Command.OpenSession("alice", 15_000, "alice", "", 99);
        assertEquals(
                new Result.SessionOpened(table.session(alice), true),
                apply(again).result());
        assertEquals(List.of(), table.apply(++revision, again).changes());
        assertEquals(0, table.session(alice).openedAtMillis());
        Command other = new Command.OpenSession("alice", 16_000, "alice", "", 0);
        assertEquals(new Result.SessionMismatch(alice), apply(other).result());
    }

    @Test
    void aKeyDoesNotReviveASessionThatEnded() {
        apply(new Command.ExpireSessions(List.of(alice), 0));
        Applied again = apply(new Command.OpenSession("alice", 15_000, "alice", "", 0));
        assertEquals(new Result.SessionEnded(alice, Cause.SESSION_EXPIRED), again.result());
        assertNull(table.session(alice));
    }

    @Test
    void aFreeLockIsGrantedAtOnceWithTheNextToken() {
        Applied applied = acquire("g1", alice);
        Result.Granted granted = (Result.Granted) applied.result();
        assertEquals(1, granted.grant().token());
        assertEquals(0, granted.grant().position());
        assertEquals(List.of(granted("g1", alice, 1)), withoutTickets(applied));
        assertEquals(applied.revision(), applied.changes().get(0).ticket());
        assertEquals(new TokenCheck(true, 1), table.check("l", 1));
    }

    @Test
    void ticketsStandInTheOrderOfTheirTransactionsAndAreGrantedInIt() {
        acquire("g1", alice);
        acquire("g3", carol);
        acquire("g2", bob);
        assertEquals(1, table.grant("g3").position());
        assertEquals("g1", table.grant("g3").behind());
        assertEquals(2, table.grant("g2").position());
        assertEquals("g3", table.grant("g2").behind());
        release("g1");
        assertTrue(table.grant("g3").granted());
        assertEquals(1, table.grant("g2").position());
        release("g3");
        assertTrue(table.grant("g2").granted());
    }

    @Test
    void aReleaseAndTheGrantThatFollowsAreOneTransaction() {
        acquire("g1", alice);
        acquire("g2", bob);
        Applied applied = release("g1");
        assertEquals(
                List.of(ended(Kind.RELEASED, "g1", alice, 1, Cause.REQUESTED), granted("g2", bob, 2)),
                withoutTickets(applied));
        assertEquals(2, table.grant("g2").token());
    }

    @Test
    void aTryThatFindsTheLockHeldLeavesNoTicket() {
        acquire("g1", alice);
        Applied applied = apply(new Command.Acquire("g2", bob, "l", Mode.EXCLUSIVE, 0, "", 0));
        assertEquals(new Result.LockHeld("g2", "l", 1, 0), applied.result());
        assertEquals(List.of(), applied.changes());
        assertNull(table.grant("g2"));
    }

    @Test
    void aSecondCopyOfARefusedTryIsNotGrantedBehindTheClientsBack() {
        acquire("g1", alice);
        Command attempt = new Command.Acquire("g2", bob, "l", Mode.EXCLUSIVE, 0, "", 0);
        apply(attempt);
        release("g1");
        assertEquals(
                new Result.GrantEnded("g2", bob, 0, Cause.REFUSED),
                apply(attempt).result());
        assertEquals(0, table.heldCount());
    }

    @Test
    void aSecondCopyOfAnAcquireIsNoSecondTicket() {
        acquire("g1", alice);
        assertEquals(
                new Result.Granted(table.grant("g1"), true),
                acquire("g1", alice).result());
        acquire("g2", bob);
        assertEquals(
                new Result.Waiting(table.grant("g2"), true), acquire("g2", bob).result());
        assertEquals(1, table.waiterCount());
    }

    @Test
    void aLateCopyOfAnEndedAcquireIsNoSecondGrant() {
        acquire("g1", alice);
        release("g1");
        Applied late = acquire("g1", alice);
        assertEquals(new Result.GrantEnded("g1", alice, 1, Cause.REQUESTED), late.result());
        assertEquals(0, table.heldCount());
    }

    @Test
    void theSameIdWithOtherContentIsRefused() {
        acquire("g1", alice);
        Result mismatch = new Result.GrantMismatch("g1");
        assertEquals(mismatch, acquire("g1", bob).result());
        assertEquals(
                mismatch,
                apply(new Command.Acquire("g1", alice, "other", Mode.EXCLUSIVE, 1000, "", 0))
                        .result());
        assertEquals(
                mismatch,
                apply(new Command.Acquire("g1", alice, "l", Mode.EXCLUSIVE, 1000, "{}", 0))
                        .result());
        assertEquals(
                mismatch,
                apply(new Command.AcquireAlone("g1", "l", Mode.EXCLUSIVE, 1000, 1000, "", "", 0))
                        .result());
    }

    @Test
    void aSessionMayHoldSeveralGrantsOnOneLockAndQueuesLikeAStranger() {
        acquire("g1", alice);
        acquire("g2", bob);
        acquire("g3", alice);
        assertEquals(2, table.grant("g3").position());
        assertEquals(List.of("g1", "g3"), ids(table.grantsOf(alice, 0, 10)));
        assertEquals(List.of("g3"), ids(table.grantsOf(alice, table.grant("g1").ticket(), 10)));
    }

    /** protocol.md#t9: a lock must not go to a waiter whose session ends in the same transaction. */
    @Test
    void aLockPassesOverEveryWaiterThatEndsWithItsHolder() {
        acquire("g1", alice);
        acquire("g2", bob);
        acquire("g3", alice);
        acquire("g4", carol);
        Applied applied = apply(new Command.ExpireSessions(List.of(alice, bob), 0));
        assertEquals(new Result.Expired(2), applied.result());
        assertEquals(
                List.of(
                        "EXPIRED g1",
                        "CANCELLED g3",
                        "SESSION_ENDED null",
                        "CANCELLED g2",
                        "SESSION_ENDED null",
                        "GRANTED g4"),
                applied.changes().stream().map(c -> c.kind() + " " + c.grant()).toList());
        assertEquals(2, table.lastToken());
    }

    /** protocol.md#t9 and protocol.md#t14. */
    @Test
    void aClosedSessionLeavesEverythingInOneTransaction() {
        acquire("g1", alice);
        acquire("g2", bob);
        apply(new Command.Acquire("g3", bob, "m", Mode.EXCLUSIVE, 0, "", 0));
        Applied applied = apply(new Command.CloseSession(bob, 0));
        assertEquals(new Result.SessionClosed(bob), applied.result());
        assertEquals(
                List.of(
                        ended(Kind.CANCELLED, "g2", bob, 0, Cause.SESSION_CLOSED),
                        new Change(Kind.RELEASED, "m", "g3", bob, 0, 2, Cause.SESSION_CLOSED, 0, null),
                        new Change(Kind.SESSION_ENDED, null, null, bob, 0, 0, Cause.REQUESTED, 0, null)),
                withoutTickets(applied));
        assertEquals(List.of(), table.locks("m", false, null, 10));
        assertEquals(0, table.waiterCount());
    }

    /** protocol.md#t8: whichever of the two is ordered first, nothing outlives its session. */
    @Test
    void anAcquireAndTheCloseOfItsSessionMayComeInEitherOrder() {
        apply(new Command.ExpireSessions(List.of(alice), 0));
        assertEquals(
                new Result.SessionEnded(alice, Cause.SESSION_EXPIRED),
                acquire("g1", alice).result());
        acquire("g2", bob);
        apply(new Command.ExpireSessions(List.of(bob), 0));
        assertEquals(
                new Result.GrantEnded("g2", bob, 1, Cause.SESSION_EXPIRED),
                acquire("g2", bob).result());
        assertEquals(0, table.heldCount());
    }

    @Test
    void aSessionThatNobodyOpenedIsUnknownAndOneThatEndedIsNot() {
        assertEquals(new Result.SessionUnknown(7), acquire("g1", 7).result());
        assertEquals(
                new Result.SessionUnknown(7),
                apply(new Command.CloseSession(7, 0)).result());
        apply(new Command.CloseSession(alice, 0));
        assertEquals(
                new Result.SessionEnded(alice, Cause.REQUESTED),
                apply(new Command.CloseSession(alice, 0)).result());
    }

    /** protocol.md#t10. */
    @Test
    void tokensRiseOverAllLocksForEver() throws Exception {
        long last = 0;
        for (int i = 0; i < 100; i++) {
            apply(new Command.Acquire("g" + i, alice, "lock-" + i % 7, Mode.EXCLUSIVE, 0, "", 0));
            long token = table.grant("g" + i).token();
            assertTrue(token > last);
            last = token;
            release("g" + i);
            table = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)));
        }
        assertEquals(100, table.lastToken());
    }

    /**
     * protocol.md#t10: the last tokens are for tickets that wait already; then the counter stops, and never starts
     * again.
     */
    @Test
    void noTicketIsTakenThatCouldNotGetAToken() {
        table = new LockTable(new Quotas(9, 9, 9, 9, 9, 9, 2));
        alice = open("alice");
        acquire("g1", alice);
        acquire("g2", alice);
        assertEquals(
                new Result.QuotaExceeded(Quota.TOKENS, 2, null),
                acquire("g3", alice).result());
        release("g1");
        assertEquals(2, table.grant("g2").token());
        release("g2");
        assertEquals(
                new Result.QuotaExceeded(Quota.TOKENS, 2, null),
                acquire("g4", alice).result());
    }

    /** protocol.md#t15. */
    @Test
    void aTicketThatLeavesTheLineIsNeverGranted() {
        acquire("g1", alice);
        acquire("g2", bob);
        GrantView waiting = table.grant("g2");
        assertEquals(new Result.Cancelled(waiting), release("g2").result());
        assertEquals(new Result.Gone("g2", Cause.REQUESTED, null), release("g2").result());
        release("g1");
        assertEquals(0, table.heldCount());
    }

    @Test
    void aWaitThatIsOverEndsTheTicketAndALateOneEndsNothing() {
        acquire("g1", alice);
        acquire("g2", bob);
        Command over = new Command.ExpireWaits(List.of(table.grant("g2").place()), 0);
        Command ofAnother = new Command.ExpireWaits(List.of(new Ticket("g2", 5)), 0);
        assertEquals(new Result.Expired(0), apply(ofAnother).result());
        release("g1");
        assertEquals(new Result.Expired(0), apply(over).result());
        assertTrue(table.grant("g2").granted());
        acquire("g3", carol);
        Applied applied =
                apply(new Command.ExpireWaits(List.of(table.grant("g3").place()), 0));
        assertEquals(new Result.Expired(1), applied.result());
        assertEquals(List.of(ended(Kind.CANCELLED, "g3", carol, 0, Cause.WAIT_OVER)), withoutTickets(applied));
        assertEquals(
                new Result.GrantEnded("g3", carol, 0, Cause.WAIT_OVER),
                acquire("g3", carol).result());
    }

    @Test
    void aReleaseWithAnotherTokenTouchesNothing() {
        acquire("g1", alice);
        acquire("g2", bob);
        assertEquals(
                new Result.TokenStale("g1", 1),
                apply(new Command.Release("g1", 9, 0)).result());
        assertEquals(
                new Result.TokenStale("g2", 0),
                apply(new Command.Release("g2", 1, 0)).result());
        GrantView held = table.grant("g1");
        assertEquals(
                new Result.Released(held),
                apply(new Command.Release("g1", 1, 0)).result());
        assertEquals(
                new Result.Gone("g1", Cause.REQUESTED, null),
                apply(new Command.Release("g1", 1, 0)).result());
        assertEquals(
                new Result.TokenStale("g1", 1),
                apply(new Command.Release("g1", 2, 0)).result());
        assertEquals(
                new Result.GrantUnknown("g9"),
                apply(new Command.Release("g9", 2, 0)).result());
    }

    @Test
    void aPrivateSessionEndsWithItsGrant() {
        Applied applied = alone("g1", 0);
        long session = applied.revision();
        assertEquals(
                List.of(Kind.SESSION_OPENED, Kind.GRANTED),
                applied.changes().stream().map(Change::kind).toList());
        assertTrue(table.session(session).alone());
        assertEquals(new Result.Granted(table.grant("g1"), true), alone("g1", 0).result());
        Applied released = release("g1");
        assertEquals(
                List.of(Kind.RELEASED, Kind.SESSION_ENDED),
                released.changes().stream().map(Change::kind).toList());
        assertEquals(new EndedView(session, 0, Cause.GRANT_ENDED, revision, ""), table.endedSession(session));
        assertEquals(
                new Result.GrantEnded("g1", session, 1, Cause.REQUESTED),
                alone("g1", 0).result());
    }

    @Test
    void aPrivateSessionEndsWhenItsWaitDoes() {
        acquire("g1", alice);
        long session = alone("g2", 1000).revision();
        apply(new Command.ExpireWaits(List.of(table.grant("g2").place()), 0));
        assertNull(table.session(session));
        long other = alone("g3", 1000).revision();
        release("g3");
        assertNull(table.session(other));
        assertEquals(3, table.sessionCount());
    }

    @Test
    void aRefusedTryOpensNoPrivateSession() {
        acquire("g1", alice);
        Applied applied = alone("g2", 0);
        assertEquals(Result.LockHeld.class, applied.result().getClass());
        assertEquals(List.of(), applied.changes());
        assertEquals(3, table.sessionCount());
        release("g1");
        assertEquals(
                new Result.GrantEnded("g2", 0, 0, Cause.REFUSED), alone("g2", 0).result());
    }

    @Test
    void aFullTableRefusesAndForgetsThatItDid() {
        table = new LockTable(new Quotas(1, 3, 1, 9, 9, 9, 9));
        alice = open("alice");
        assertEquals(
                new Result.QuotaExceeded(Quota.SESSIONS, 1, null),
                apply(new Command.OpenSession("bob", 1000, "", "", 0)).result());
        acquire("g1", alice);
        acquire("g2", alice);
        assertEquals(
                new Result.QuotaExceeded(Quota.WAITERS_PER_LOCK, 1, "l"),
                acquire("g3", alice).result());
        release("g2");
        assertEquals(Result.Waiting.class, acquire("g3", alice).result().getClass());
    }

    @Test
    void theTableRemembersTheLastOnesThatEnded() {
        table = new LockTable(new Quotas(9, 9, 9, 9, 2, 1, 99));
        alice = open("alice");
        for (int i = 1; i <= 3; i++) {
            acquire("g" + i, alice);
            release("g" + i);
        }
        assertNull(table.endedGrant("g1"));
        assertEquals(2, table.endedGrant("g2").token());
        apply(new Command.CloseSession(alice, 0));
        bob = open("bob");
        apply(new Command.CloseSession(bob, 0));
        assertNull(table.endedSession(alice));
        assertEquals(
                Result.SessionOpened.class,
                apply(new Command.OpenSession("alice", 1000, "", "", 0))
                        .result()
                        .getClass());
    }

    @Test
    void locksAreListedByPrefixInPages() {
        for (String name : List.of("a", "a/x", "a/y", "a-b", "b", "a/z")) {
            apply(new Command.Acquire("g-" + name.replace('/', '.'), alice, name, Mode.EXCLUSIVE, 0, "", 0));
        }
        apply(new Command.Acquire("w", bob, "a/y", Mode.EXCLUSIVE, 5, "", 0));
        assertEquals(List.of("a/x", "a/y"), names(table.locks("a/", false, null, 2)));
        assertEquals(List.of("a/z"), names(table.locks("a/", false, "a/y", 2)));
        assertEquals(List.of("a/x"), names(table.locks("a/", false, "a-gone", 1)));
        assertEquals(List.of(), names(table.locks("a/", false, "zzz", 2)));
        assertEquals(List.of("a/y"), names(table.locks("", true, null, 9)));
        assertEquals(
                new LockView("free", Mode.EXCLUSIVE, 1, List.of(), 0, List.of(), 0, List.of(), 0),
                table.lock("free", 5));
    }

    @Test
    void sessionsAreListedByNameAndInPagesOfIds() {
        assertEquals(List.of(table.session(bob)), table.sessions("", alice, 1));
        assertEquals(List.of(table.session(carol)), table.sessions("car", 0, 9));
        assertEquals(List.of(), table.sessions("", carol, 9));
    }

    @Test
    void tenThousandWaitersEachKnowTheirPlace() {
        table = new LockTable(new Quotas(9, 20_000, 20_000, 20_000, 9, 9, Limits.TOKEN_MAX));
        openSessions();
        acquire("holder", alice);
        IntStream.rangeClosed(1, 10_000).forEach(i -> acquire("w" + i, i % 2 == 0 ? bob : carol));
        assertEquals(10_000, table.grant("w10000").position());
        release("w5000");
        assertEquals(9_999, table.grant("w10000").position());
        assertEquals("w4999", table.grant("w5001").behind());
        assertEquals(List.of("w1", "w2"), ids(table.lock("l", 2).waiters()));
        apply(new Command.CloseSession(carol, 0));
        assertEquals(4_999, table.grant("w10000").position());
    }

    @Test
    void aTransactionThatIsNotNewerIsNeverApplied() {
        Command command = new Command.CloseSession(alice, 0);
        assertThrows(IllegalArgumentException.class, () -> table.apply(revision, command));
        table.advance(revision + 5);
        assertThrows(IllegalArgumentException.class, () -> table.apply(revision + 5, command));
        assertEquals(alice, table.session(alice).id());
    }

    private long open(String name) {
        return apply(new Command.OpenSession(name, 15_000, name, "", 0)).revision();
    }

    private Applied apply(Command command) {
        return table.apply(++revision, command);
    }

    private Applied acquire(String grant, long session) {
        return apply(new Command.Acquire(grant, session, "l", Mode.EXCLUSIVE, 60_000, "", 0));
    }

    private Applied alone(String grant, long wait) {
        return apply(new Command.AcquireAlone(grant, "l", Mode.EXCLUSIVE, 1000, wait, "cron", "", 0));
    }

    private Applied release(String grant) {
        return apply(new Command.Release(grant, 0, 0));
    }

    private static Change granted(String id, long session, long token) {
        return new Change(Kind.GRANTED, "l", id, session, 0, token, null, 0, null);
    }

    private static Change ended(Kind kind, String id, long session, long token, Cause cause) {
        return new Change(kind, "l", id, session, 0, token, cause, 0, null);
    }

    private static List<Change> withoutTickets(Applied applied) {
        return applied.changes().stream()
                .map(c -> new Change(
                        c.kind(), c.lock(), c.grant(), c.session(), 0, c.token(), c.cause(), c.millis(), null))
                .toList();
    }

    private static List<String> ids(List<GrantView> grants) {
        return grants.stream().map(GrantView::id).toList();
    }

    private static List<String> names(List<LockView> locks) {
        return locks.stream().map(LockView::name).toList();
    }
}

package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What others than its holder do to a grant: cancels that come first, wishes, breaks, sessions that are ended. */
class ForcedEndsTest {

    private static final int OLD_LEVEL = 2;

    private LockTable table = new LockTable();
    private long revision;

    private Result apply(Command command) {
        return table.apply(++revision, command).result();
    }

    private void open(int sessions, long lockDelay) {
        for (int i = 1; i <= sessions; i++) {
            apply(new Command.OpenSession("k" + i, 10_000, "", "", lockDelay, 0));
        }
    }

    private Result acquire(String grant, long session, Claim... claims) {
        return apply(new Command.Acquire(grant, session, List.of(claims), 60_000, "", 0));
    }

    private long token(String grant) {
        GrantView view = table.grant(grant);
        assertNotNull(view);
        return view.token();
    }

    @Test
    void aCancelThatOvertakesItsAcquireWins() {
        open(1, 0);
        assertEquals(new Result.Gone("g", Cause.REQUESTED, null), apply(new Command.Release("g", 0, 0)));
        assertEquals(new Result.GrantEnded("g", 0, 0, Cause.REQUESTED), acquire("g", 1, Claim.exclusive("a")));
        assertEquals(0, table.heldCount());
        assertEquals(new Result.Gone("g", Cause.REQUESTED, null), apply(new Command.Release("g", 0, 0)));
    }

    @Test
    void aReleaseThatNamesATokenOfNothingKnownSaysSo() {
        open(1, 0);
        assertEquals(new Result.GrantUnknown("g"), apply(new Command.Release("g", 7, 0)));
        assertInstanceOf(Result.Granted.class, acquire("g", 1, Claim.exclusive("a")));
    }

    @Test
    void anOldLevelForgetsACancelThatCameFirst() {
        table = new LockTable(OLD_LEVEL);
        open(1, 0);
        assertEquals(new Result.GrantUnknown("g"), apply(new Command.Release("g", 0, 0)));
        assertInstanceOf(Result.Granted.class, acquire("g", 1, Claim.exclusive("a")));
    }

    @Test
    void aWishOfAStrangerMovesNobodyAheadUnlessTheHolderAgrees() {
        open(3, 0);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("first", 2, Claim.exclusive("a"));
        acquire("second", 3, Claim.exclusive("a"));
        assertInstanceOf(Result.YieldRequested.class, apply(new Command.Transfer("holder", 0, "second", 1_000, 0)));
        apply(new Command.Release("holder", token("holder"), 0));
        assertTrue(token("first") > 0, "the head of the line is next");
        apply(new Command.Release("first", token("first"), "second", 0, 0));
        assertTrue(token("second") > 0);
    }

    @Test
    void aHolderThatNamesTheNextTicketPassesOverTheLine() {
        open(3, 0);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("first", 2, Claim.exclusive("a"));
        acquire("second", 3, Claim.exclusive("a"));
        long token = token("holder");
        Applied applied = table.apply(++revision, new Command.Release("holder", token, "second", 0, 0));
        assertInstanceOf(Result.Released.class, applied.result());
        assertEquals(
                List.of(Change.Kind.TRANSFERRED, Change.Kind.GRANTED),
                applied.changes().stream().map(Change::kind).toList());
        assertTrue(token("second") > 0);
        assertEquals(0, token("first"));
        // A copy of it finds what it wanted done.
        assertEquals(
                new Result.Gone("holder", Cause.TRANSFERRED, null),
                apply(new Command.Release("holder", token, "second", 0, 0)));
    }

    @Test
    void aNamedTicketThatCannotHaveTheLockDelaysNobody() {
        open(3, 0);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("first", 2, Claim.exclusive("a"));
        acquire("elsewhere", 3, Claim.exclusive("b"));
        apply(new Command.Release("holder", token("holder"), "elsewhere", 0, 0));
        assertTrue(token("first") > 0);
    }

    @Test
    void atAnOldLevelAWishDecides() {
        table = new LockTable(OLD_LEVEL);
        open(3, 0);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("first", 2, Claim.exclusive("a"));
        acquire("second", 3, Claim.exclusive("a"));
        apply(new Command.Transfer("holder", 0, "second", 1_000, 0));
        apply(new Command.Release("holder", 0, 0));
        assertTrue(token("second") > 0);
    }

    @Test
    void aBrokenLockStaysClosedForTheLockDelayOfItsHolder() {
        open(2, 5_000);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("next", 2, Claim.exclusive("a"));
        apply(new Command.Break("a", "holder", 0, "me", "stuck", 0, 0));
        assertEquals(5_000, table.lock("a", 0).delayMillis());
        assertEquals(0, token("next"));
        apply(new Command.ExpireDelays(List.of(new LockDelay("a", revision)), 0));
        assertTrue(token("next") > 0);
    }

    @Test
    void aSessionThatSomebodyElseEndsLeavesItsLocksClosedAndOneThatEndsItselfDoesNot() {
        open(2, 5_000);
        acquire("forced", 1, Claim.exclusive("a"));
        acquire("free", 2, Claim.exclusive("b"));
        apply(new Command.CloseSession(1, "10.0.0.1", 0));
        apply(new Command.CloseSession(2, 0));
        assertEquals(5_000, table.lock("a", 0).delayMillis());
        assertEquals(0, table.lock("b", 0).delayMillis());
        assertEquals("10.0.0.1", table.endedGrant("forced").note());
        assertEquals("10.0.0.1", table.endedSession(1).note());
        assertNull(table.endedGrant("free").note());
    }

    @Test
    void aSessionWhoseClientIsConfirmedDeadExpiresAndReleasesNothing() {
        open(2, 5_000);
        acquire("held", 1, Claim.exclusive("a"));
        acquire("waits", 1, Claim.exclusive("a"), Claim.exclusive("b"));
        acquire("next", 2, Claim.exclusive("a"));
        Applied applied = table.apply(++revision, new Command.CloseSession(1, "10.0.0.1", true, 0));
        assertEquals(new Result.SessionClosed(1), applied.result());
        assertEquals(
                List.of(
                        Change.Kind.EXPIRED,
                        Change.Kind.DELAYED,
                        Change.Kind.CANCELLED,
                        Change.Kind.CANCELLED,
                        Change.Kind.SESSION_ENDED),
                applied.changes().stream().map(Change::kind).toList());
        assertTrue(applied.changes().stream().allMatch(change -> change.cause() == Cause.CONFIRMED_DEAD));
        assertEquals(5_000, table.lock("a", 0).delayMillis());
        assertEquals(0, token("next"));
        assertEquals("10.0.0.1", table.endedSession(1).note());
        assertEquals(
                new Result.SessionEnded(1, Cause.CONFIRMED_DEAD),
                apply(new Command.CloseSession(1, "10.0.0.2", true, 0)),
                "said again it changes nothing");
        assertTrue(((Result.Gone) apply(new Command.Release("held", 0, 0))).lost());
        assertNotNull(Rules.at(OLD_LEVEL).refusal(new Command.CloseSession(2, "10.0.0.1", true, 0)));
    }

    @Test
    void aSetThatKeepsALockFromOthersIsShownAndCanBeBroken() {
        open(3, 0);
        acquire("holder", 1, Claim.exclusive("a"));
        acquire("set", 2, Claim.exclusive("a"), Claim.exclusive("b"));
        acquire("kept", 3, Claim.exclusive("b"));
        assertEquals(List.of("set"), table.lock("b", 0).promisedTo());
        assertEquals(List.of(), table.lock("a", 0).promisedTo());
        assertEquals(new Result.NotHeld("set"), apply(new Command.Break("b", "set", 0, "me", "in the way", 1_000, 0)));
        Applied applied = table.apply(++revision, new Command.Break("b", "set", 0, "me", "in the way", 0, 0));
        assertInstanceOf(Result.Broken.class, applied.result());
        assertTrue(token("kept") > 0);
        assertEquals("me: in the way", table.endedGrant("set").note());
        assertEquals(Cause.BROKEN, table.endedGrant("set").cause());
    }

    @Test
    void aNewerProcessTakesASessionOverAndTheOlderOneDoesNotGetItBack() {
        open(1, 0);
        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "old", 0)));
        assertEquals(
                List.of(),
                table.apply(++revision, new Command.Attach(1, "old", 0)).changes(),
                "the same process connects again");
        Applied taken = table.apply(++revision, new Command.Attach(1, "new", 0));
        assertEquals(Change.Kind.SESSION_ATTACHED, taken.changes().get(0).kind());
        assertEquals(new Result.Superseded(1), apply(new Command.Attach(1, "old", 0)));
        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "new", 0)));
        for (int i = 0; i < Limits.SUPERSEDED_MAX; i++) {
            apply(new Command.Attach(1, "p" + i, 0));
        }
        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "old", 0)), "forgotten by then");
        assertEquals("old", table.attachId(1));
    }
}

package io.holdfast.ensemble.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Hand-made histories: good ones that look bad at first sight, and for each promise one that breaks it alone. */
class HistoryCheckTest {

    private static final long RELEASE = 10;

    private final History history = new History();

    @Test
    void anOrderlyHistoryBreaksNothing() {
        history.lease("s", 0, 1_000);
        history.lease("t", 0, 1_000);
        hold("a", "s", 1, 0, 10, 20);
        hold("b", "t", 2, 6, 24, 41);
        hold("a", "t", 3, 5, 25, 40);
        read("a", 12, 14, 1, 1);
        read("a", 26, 35, 3, 3);
        read("a", 55, 56, 4, 0);
        history.shown(1, 4, "nothing");
        history.shown(2, 4, "nothing");
        holds();
    }

    @Test
    void twoHoldersAtATimeAreFound() {
        history.lease("s", 0, 1_000);
        history.lease("t", 0, 1_000);
        hold("a", "s", 1, 0, 10, 20);
        hold("a", "t", 2, 5, 15, 40);
        broken("two holders");
    }

    @Test
    void aLongHoldIsComparedWithAllThatFollowNotWithTheNextOneOnly() {
        history.lease("s", 0, 1_000);
        history.lease("t", 0, 12);
        hold("a", "t", 1, 0, 10, 12);
        hold("a", "s", 2, 0, 12, 100);
        hold("a", "t", 3, 14, 15, 16);
        history.lease("t", 15, 100);
        hold("a", "t", 4, 17, 50, 60);
        broken("two holders", "two holders");
    }

    @Test
    void aLeaseCountsFromWhenItsRequestLeftSoThatAPausedHolderDoesNotHoldAnyMore() {
        history.lease("paused", 0, 100);
        history.lease("next", 90, 100);
        hold("a", "paused", 1, 5, 20, 400);
        hold("a", "next", 2, 30, 100, 150);
        holds();
    }

    @Test
    void aLeaseThatWasConfirmedAgainCountsFromTheLaterRequest() {
        history.lease("alive", 0, 100);
        history.lease("alive", 60, 100);
        history.lease("next", 90, 100);
        hold("a", "alive", 1, 5, 20, 400);
        hold("a", "next", 2, 30, 101, 150);
        broken("two holders");
    }

    @Test
    void driftAndMarginMakeAClientStopEarlier() {
        history.lease("s", 0, 100_000);
        history.lease("t", 0, 1_000_000);
        hold("a", "s", 1, 5, 20, Hold.NEVER);
        hold("a", "t", 2, 30, 99_850, 150_000);
        assertEquals(1, HistoryCheck.violations(history).size());
        assertEquals(1, HistoryCheck.violations(history, 1, 0).size());
        assertEquals(0, HistoryCheck.violations(history, 1, 50).size());
    }

    @Test
    void aTokenThatFallsOnOneLockIsFound() {
        history.lease("s", 0, 1_000);
        hold("a", "s", 2, 0, 10, 20);
        hold("a", "s", 1, 5, 25, 40);
        broken("the token of a lock did not rise");
    }

    @Test
    void aTokenThatFallsFromOneLockToAnotherIsFound() {
        hold("a", "s", 2, 0, 10, 20);
        hold("b", "s", 1, 11, 25, 40);
        broken("a token did not rise");
    }

    @Test
    void aTokenOfTwoGrantsIsFound() {
        history.hold(new Hold("a", "g", "s", 7, 0, 10, 20, 30));
        history.hold(new Hold("b", "h", "s", 7, 0, 10, 20, 30));
        broken("one token, two grants");
    }

    @Test
    void aGrantOfTwoTokensIsFound() {
        history.hold(new Hold("a", "g", "s", 7, 0, 10, 20, 30));
        history.read(new LockRead("a", 1, 2, 1, "g", 8));
        broken("one grant, two tokens");
    }

    @Test
    void aSessionThatEndedEarlyIsFoundAndOneThatEndedInTimeIsNot() {
        history.lease("s", 10, 100);
        history.sessionOver("s", 110);
        holds();
        history.sessionOver("s", 109);
        broken("a session ended early");
    }

    @Test
    void aSessionThatComesBackFromTheDeadIsFound() {
        history.lease("s", 10, 100);
        history.sessionOver("s", 200);
        history.lease("s", 201, 100);
        broken("a session ended early", "a session that had ended was kept alive");
    }

    @Test
    void aTicketThatIsLostWhileItsSessionLivesIsFound() {
        history.lease("s", 10, 100);
        history.grantOver("g", "s", 110);
        holds();
        history.grantOver("g", "s", 60);
        broken("an acknowledged ticket or grant was lost");
    }

    @Test
    void aGrantThatAReadDoesNotShowIsFound() {
        history.lease("s", 0, 1_000);
        hold("a", "s", 1, 0, 10, 100);
        read("a", 5, 8, 1, 0);
        read("a", 90, 105, 1, 0);
        holds();
        read("a", 20, 30, 1, 0);
        broken("an acknowledged grant was lost");
    }

    @Test
    void aReleasedGrantThatIsShownIsFound() {
        history.lease("s", 0, 1_000);
        hold("a", "s", 1, 0, 10, 20);
        read("a", 29, 40, 1, 1);
        holds();
        read("a", 31, 40, 1, 1);
        broken("an acknowledged release was lost");
    }

    @Test
    void aReadThatIsOlderThanAnAnswerBeforeItIsFound() {
        history.revision(5, 10);
        read("a", 9, 20, 4, 0);
        holds();
        read("a", 11, 20, 4, 0);
        broken("a read is older");
    }

    @Test
    void aReadThatShowsAFormerHolderIsFound() {
        read("a", 0, 10, 1, 8);
        read("a", 11, 20, 1, 7);
        read("b", 11, 20, 1, 6);
        broken("a read shows a former holder");
    }

    @Test
    void replicasThatDifferAreFound() {
        history.shown(1, 4, "a is held");
        history.shown(2, 5, "a is free");
        holds();
        history.shown(3, 4, "a is free");
        broken("two replicas differ");
    }

    @Test
    void theNextHistoryKnowsTheHighestTokenAndRevisionOfTheOneBefore() {
        hold("a", "s", 9, 0, 10, 20);
        history.revision(77, 35);
        var next = history.next();
        next.hold(new Hold("b", "later", "s", 9, 40, 41, 42, 43));
        next.read(new LockRead("b", 50, 51, 76, "", 0));
        var found = HistoryCheck.violations(next).toString();
        assertTrue(found.contains("a token did not rise") && found.contains("a read is older"), found);
    }

    /** A grant whose release was asked for at {@code end}, if ever, and answered soon. */
    private void hold(String lock, String session, long token, long requested, long confirmed, long end) {
        var released = end == Hold.NEVER ? Hold.NEVER : end + RELEASE;
        history.hold(new Hold(lock, "g" + token, session, token, requested, confirmed, end, released));
    }

    /** A read of a lock whose holder has this token, or that is free when it is 0. */
    private void read(String lock, long sent, long received, long revision, long token) {
        history.read(new LockRead(lock, sent, received, revision, token == 0 ? "" : "g" + token, token));
    }

    private void holds() {
        assertEquals("", String.join("\n", HistoryCheck.violations(history)));
    }

    /** Exactly these promises are broken, in the order in which they are looked at. */
    private void broken(String... promises) {
        var found = HistoryCheck.violations(history);
        assertEquals(promises.length, found.size(), found::toString);
        for (var i = 0; i < promises.length; i++) {
            assertTrue(found.get(i).startsWith(promises[i]), found::toString);
        }
    }
}

package io.holdfast.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.server.Memory;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.History;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CourierTest {

    private static final int WINDOW = 3;

    private final History history = new History(5, 1L << 30);
    private final List<Sent> sent = new ArrayList<>();
    private final Courier courier = new Courier(
            history, (letter, acknowledged, refused) -> sent.add(new Sent(letter, acknowledged, refused)), WINDOW);

    private record Sent(Letter letter, Runnable acknowledged, Runnable refused) {}

    CourierTest() {
        history.restart(Revision.parse("1-0"));
    }

    private void commit(int counter, String... locks) {
        List<Change> changes = Stream.of(locks)
                .map(lock -> new Change(Change.Kind.GRANTED, lock, "g", 4, 5, 6, null, 0, null))
                .toList();
        history.append(1L << 32 | counter, 0, changes);
    }

    private String letters() {
        return sent.stream()
                .map(s -> s.letter().key() + "@" + s.letter().revision())
                .reduce("", (a, b) -> a + " " + b)
                .strip();
    }

    private String position() {
        return Revision.text(courier.position());
    }

    @Test
    void eachLockOfATransactionIsAMessageOfItsOwnWithItsName() {
        courier.begin(Revision.parse("1-0"));
        commit(1, "a", "b");
        commit(2, "a");
        courier.pump();

        assertEquals("a@1-1 b@1-1 a@1-2", letters());
        assertTrue(sent.get(1).letter().json().startsWith("{\"key\":\"b\",\"revision\":\"1-1\",\"at\":"));
        assertFalse(sent.get(1).letter().json().contains("\"lock\":\"a\""));
    }

    @Test
    void noMoreThanTheWindowIsOnTheWay() {
        courier.begin(Revision.parse("1-0"));
        for (int i = 1; i <= 5; i++) {
            commit(i, "a");
        }
        courier.pump();
        assertEquals("a@1-1 a@1-2 a@1-3", letters());
        sent.get(0).acknowledged().run();
        courier.pump();

        assertEquals("a@1-1 a@1-2 a@1-3 a@1-4", letters());
    }

    @Test
    void thePositionHasNoHoleBeforeIt() {
        courier.begin(Revision.parse("1-0"));
        commit(1, "a", "b");
        commit(2, "a");
        courier.pump();
        sent.get(2).acknowledged().run();
        sent.get(0).acknowledged().run();
        assertEquals("1-0", position());
        sent.get(1).acknowledged().run();

        assertEquals("1-2", position());
    }

    @Test
    void whatWasRefusedIsSentAgainWithAllThatFollows() {
        courier.begin(Revision.parse("1-0"));
        commit(1, "a");
        commit(2, "b");
        commit(3, "c");
        courier.pump();
        sent.get(0).acknowledged().run();
        sent.get(1).refused().run();
        assertFalse(courier.mustBeginAgain());
        sent.get(2).acknowledged().run();
        assertTrue(courier.mustBeginAgain());
        assertEquals("1-1", position());
        sent.clear();
        courier.begin(courier.position());
        courier.pump();

        assertEquals("b@1-2 c@1-3", letters());
    }

    @Test
    void whatHistoryHasForgottenIsSaidToBeMissing() {
        courier.begin(Revision.parse("1-0"));
        for (int i = 1; i <= 8; i++) {
            commit(i, "a");
        }
        courier.begin(Revision.parse("1-1"));
        courier.pump();

        assertEquals("cluster@1-3 a@1-4 a@1-5", letters());
        assertTrue(sent.get(0).letter().json().contains("\"gapAfter\":\"1-1\""));
    }

    @Test
    void aQuietHistoryMovesThePositionToo() {
        courier.begin(Revision.parse("1-0"));
        commit(1);
        commit(2);
        courier.pump();

        assertEquals("1-2", position());
    }

    @Test
    void aCourierThatStoppedOrStandsStillKeepsNothingOfHistoryInMemory() {
        courier.begin(Revision.parse("1-0"));
        for (int i = 1; i <= WINDOW; i++) {
            commit(i, "a");
        }
        courier.pump();
        commit(4, "a");
        WeakReference<Committed> unsent = new WeakReference<>(history.last());
        for (int i = 5; i <= 20; i++) {
            commit(i, "a");
        }
        courier.pump();

        assertEquals(WINDOW, courier.onTheWay());
        Memory.awaitCollected(unsent);
        courier.stop();
        assertEquals(0, courier.onTheWay());
        assertEquals(0, courier.lag());
    }

    @Test
    void aBrokerThatComesBackTooLateHearsWhatIsMissingAndThenWhatIsThere() {
        courier.begin(Revision.parse("1-0"));
        for (int i = 1; i <= 20; i++) {
            commit(i, "a");
            courier.pump();
        }
        sent.forEach(letter -> letter.acknowledged().run());
        sent.clear();
        assertEquals("1-3", position());
        courier.pump();

        assertEquals("cluster@1-15 a@1-16 a@1-17", letters());
        assertTrue(sent.get(0).letter().json().contains("\"gapAfter\":\"1-3\""));
        assertEquals(17, courier.lag());
    }

    @Test
    void aTransactionWithMoreMessagesThanTheWindowIsSentPieceByPiece() {
        courier.begin(Revision.parse("1-0"));
        commit(1, "a", "b", "c", "d", "e");
        commit(2, "a");
        courier.pump();
        assertEquals("a@1-1 b@1-1 c@1-1", letters());
        sent.get(0).acknowledged().run();
        courier.pump();
        sent.get(1).acknowledged().run();
        sent.get(2).acknowledged().run();
        courier.pump();
        assertEquals("a@1-1 b@1-1 c@1-1 d@1-1 e@1-1 a@1-2", letters());
        sent.get(3).acknowledged().run();
        assertEquals("1-0", position());
        sent.get(4).acknowledged().run();

        assertEquals("1-1", position());
    }

    @Test
    void manyChangesOfOneLockAreSeveralMessages() {
        courier.begin(Revision.parse("1-0"));
        String[] locks = new String[450];
        Arrays.fill(locks, "a");
        commit(1, locks);
        courier.pump();

        assertEquals("a@1-1 a@1-1 a@1-1", letters());
        assertTrue(sent.get(1).letter().json().startsWith("{\"key\":\"a\",\"more\":true,\"revision\":\"1-1\","));
        assertFalse(sent.get(2).letter().json().contains("more"));
    }

    @Test
    void manyBytesOfOneLockAreSeveralMessages() {
        var holder = new Change.Holder("worker", "{\"a\":\"" + "\u00e9".repeat(2_000) + "\"}");
        var granted = new Change(Change.Kind.GRANTED, "a", "g", 4, 5, 6, null, 0, holder);
        history.append(1L << 32 | 1, 0, Collections.nCopies(100, granted));
        List<Letter> letters = new ArrayList<>();
        Letter.of(history.last()).forEachRemaining(letters::add);

        assertTrue(letters.size() > 4, letters.size() + " messages");
        letters.forEach(letter -> assertTrue(
                letter.json().length() <= Letter.BYTES_MAX + 1_024,
                () -> letter.json().length() + " bytes"));
    }

    @Test
    void aTransactionOfManyLocksIsGroupedInOnePass() {
        String[] locks = new String[20_000];
        Arrays.setAll(locks, i -> "lock" + i % 10_000);
        commit(1, locks);
        int letters = 0;
        for (Iterator<Letter> all = Letter.of(history.last()); all.hasNext(); all.next()) {
            letters++;
        }

        assertEquals(10_000, letters);
    }

    @Test
    void whatABrokerAnswersLateToACourierThatBeganAgainCountsForNothing() {
        courier.begin(Revision.parse("1-0"));
        commit(1, "a");
        courier.pump();
        courier.begin(Revision.parse("1-0"));
        courier.pump();
        sent.get(0).acknowledged().run();
        assertEquals("1-0", position());
        sent.get(1).acknowledged().run();

        assertEquals("1-1", position());
    }
}

package io.holdfast.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.server.history.History;
import java.util.ArrayList;
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
                .map(lock -> new Change(Change.Kind.GRANTED, lock, "g", 4, 5, 6, null, 0))
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
}

package io.holdfast.server.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final long MANY_BYTES = 1L << 30;

    private final History history = new History(3, MANY_BYTES);

    private static long revision(String text) {
        return Revision.parse(text);
    }

    private static Change granted(String lock) {
        return new Change(Change.Kind.GRANTED, lock, "g", 4, 5, 6, null, 0);
    }

    private void append(String revision, String... locks) {
        history.append(
                revision(revision),
                0,
                List.of(locks).stream().map(HistoryTest::granted).toList());
    }

    private String after(String revision) {
        Committed at = history.at(revision(revision));
        StringBuilder found = new StringBuilder();
        for (Committed c = at == null ? null : at.next(); c != null; c = c.next()) {
            found.append(' ').append(Revision.text(c.revision()));
        }
        return at == null ? "gone" : found.toString().strip();
    }

    @Test
    void aReaderGoesOnFromAnyRevisionThatIsStillKnown() {
        history.restart(revision("1-7"));
        append("1-8", "a");
        append("1-9");
        append("1-10", "b");

        assertEquals("gone", after("1-6"));
        assertEquals("1-8 1-10", after("1-7"));
        assertEquals("1-10", after("1-8"));
        assertEquals("1-10", after("1-9"));
        assertEquals("", after("1-10"));
        assertEquals("", after("9-1"));
        assertEquals(revision("1-10"), history.upTo());
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        history.restart(revision("1-0"));
        for (int i = 1; i <= 5; i++) {
            append("1-" + i, "a" + i);
        }

        assertEquals("gone", after("1-1"));
        assertEquals("1-3 1-4 1-5", after("1-2"));
        assertEquals(3, history.size());
    }

    @Test
    void theOldestGoWhenTheyTakeTooMuchRoom() {
        History small = new History(1_000, 2_000);
        small.restart(revision("1-0"));
        for (int i = 1; i <= 100; i++) {
            small.append(revision("1-" + i), 0, List.of(granted("lock" + i)));
        }

        assertTrue(small.bytes() <= 2_000, small.bytes() + " bytes");
        assertTrue(small.size() > 1, small.size() + " entries");
        assertNull(small.at(revision("1-1")));
        assertNotNull(small.at(revision("1-99")));
    }

    @Test
    void whoeverHoldsAnEntryGoesOnWithoutAGapThoughHistoryForgotIt() {
        history.restart(revision("1-0"));
        append("1-1", "a");
        Committed held = history.last();
        for (int i = 2; i <= 6; i++) {
            append("1-" + i, "a");
        }

        assertTrue(held.isGone());
        assertEquals(revision("1-2"), held.next().revision());
        assertTrue(held.next().isGone());
    }

    @Test
    void aNewStateIsAGapForThoseWhoFollow() {
        append("1-1", "a");
        Committed held = history.last();

        history.restart(revision("2-9"));
        append("2-10", "a");

        assertTrue(held.next().isGap());
        assertEquals(revision("2-9"), held.next().revision());
        assertEquals(revision("2-10"), held.next().next().revision());
        assertEquals("gone", after("1-1"));
    }

    @Test
    void eachEpochBeginsWithAMessageOfItsOwn() {
        history.restart(revision("1-3"));
        append("1-4", "a");
        append("3-1");
        append("3-2", "b");

        assertEquals("1-4 3-0 3-2", after("1-3"));
        Message began = history.at(revision("3-0")).message(EventFilter.ALL);
        assertEquals("3-0", began.id());
        assertTrue(began.data().contains("{\"kind\":\"leader-changed\",\"epoch\":3}"), began.data());
    }

    @Test
    void itKnowsWhichLockChangedAfterARevision() {
        History two = new History(2, MANY_BYTES);
        two.restart(revision("1-0"));
        two.append(revision("1-1"), 0, List.of(granted("a")));

        assertTrue(two.mayHaveChanged("a", revision("1-0")));
        assertFalse(two.mayHaveChanged("a", revision("1-1")));
        assertFalse(two.mayHaveChanged("b", revision("1-0")));

        two.append(revision("1-2"), 0, List.of(granted("c")));
        two.append(revision("1-3"), 0, List.of(granted("d")));

        assertTrue(two.mayHaveChanged("a", revision("1-0")), "it did, and history does not know it any more");
        assertTrue(two.mayHaveChanged("b", revision("1-0")), "history does not know that it did not");
        assertFalse(two.mayHaveChanged("b", revision("1-1")));
    }

    @Test
    void aMessageIsEncodedOnceForAllWhoWantTheSame() {
        append("1-1", "a/1", "b/1");
        Committed both = history.last();

        Message whole = both.message(EventFilter.ALL);
        Message part = both.message(new EventFilter("a/", List.of()));

        assertSame(whole, both.message(EventFilter.ALL));
        assertSame(whole, both.message(new EventFilter("", List.of("granted"))));
        assertSame(part, both.message(new EventFilter("a/", List.of("granted", "released"))));
        assertNull(both.message(new EventFilter("c/", List.of())));
        assertNull(both.message(new EventFilter("", List.of("released"))));
        assertEquals(
                "{\"revision\":\"1-1\",\"at\":\"1970-01-01T00:00:00Z\",\"changes\":"
                        + "[{\"kind\":\"granted\",\"lock\":\"a/1\",\"grant\":\"g\",\"session\":\"0-4\",\"token\":6}]}",
                part.data());
    }
}

package io.holdfast.server.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.server.Memory;
import io.netty.buffer.ByteBuf;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final long MANY_BYTES = 1L << 30;

    private final History history = new History(3, MANY_BYTES);

    private static long revision(String text) {
        return Revision.parse(text);
    }

    private static Change granted(String lock) {
        return new Change(Change.Kind.GRANTED, lock, "g", 4, 5, 6, null, 0, null);
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
    void whatHoldersSayOfThemselvesCountsAndIsSentInMessagesOfABoundedSize() {
        Change.Holder holder = new Change.Holder("worker", "{\"a\":\"" + "\u00e9".repeat(2_000) + "\"}");
        Change granted = new Change(Change.Kind.GRANTED, "a", "g", 4, 5, 6, null, 0, holder);
        history.restart(revision("1-0"));
        history.append(revision("1-1"), 0, Collections.nCopies(10, granted));

        // Each character takes six in a message.
        assertTrue(history.bytes() > 10 * 12_000, history.bytes() + " bytes");
        Committed.Part first = history.last().part(0, EventFilter.ALL);
        assertTrue(first.changes() < 10, first.changes() + " changes");
        assertTrue(first.message().sse().readableBytes() <= Parts.BYTES_MAX + 1_024);
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
    void whatHistoryForgetsIsCutOffFromWhatItKeeps() {
        history.restart(revision("1-0"));
        append("1-1", "a");
        Committed held = history.last();
        for (int i = 2; i <= 4; i++) {
            append("1-" + i, "a");
        }
        assertFalse(held.isGone(), "it is the floor: all that is kept comes after it");
        append("1-5", "a");

        assertTrue(held.isGone());
        assertTrue(held.next().isLost());
        assertNull(history.at(held.revision()));
    }

    @Test
    void aPlaceInHistoryKeepsNothingElseInMemory() {
        history.restart(revision("1-0"));
        append("1-1", "a");
        Committed held = history.last();
        append("1-2", "a");
        WeakReference<Committed> following = new WeakReference<>(history.last());
        for (int i = 3; i <= 9; i++) {
            append("1-" + i, "a");
        }

        Memory.awaitCollected(following);
        assertTrue(held.isGone());
    }

    @Test
    void aNewStateIsAGapForThoseWhoFollow() {
        append("1-1", "a");
        append("1-2", "a");
        Committed first = history.at(revision("1-1"));
        Committed last = history.last();

        history.restart(revision("2-9"));
        append("2-10", "a");

        assertTrue(first.next().isLost());
        assertTrue(last.next().isLost());
        assertEquals("gone", after("1-2"));
        assertEquals("2-10", after("2-9"));
    }

    @Test
    void aLargeTransactionIsSeveralMessagesOfWhichTheLastHasTheId() {
        Change[] changes = new Change[450];
        Arrays.setAll(changes, i -> granted((i % 2 == 0 ? "even/" : "odd/") + i));
        history.append(revision("1-1"), 0, List.of(changes));
        Committed large = history.last();

        assertEquals("200 200 50=1-1", parts(large, EventFilter.ALL));
        assertEquals("200 25=1-1", parts(large, new EventFilter("odd/", List.of())));
        assertEquals("1=1-1", parts(large, new EventFilter("even/448", List.of())));
        assertSame(
                large.part(200, EventFilter.ALL).message(),
                large.part(200, new EventFilter("", List.of("granted"))).message());
    }

    @Test
    void aMessageIsBoundedInBytesToo() {
        Change[] changes = new Change[150];
        Arrays.setAll(changes, i -> granted("x".repeat(500) + i));
        history.append(revision("1-1"), 0, List.of(changes));

        for (int from = 0; from < changes.length; ) {
            Committed.Part part = history.last().part(from, EventFilter.ALL);
            assertTrue(part.message().sse().readableBytes() <= 33 * 1024);
            from = part.next();
        }
    }

    /** How many changes each message has, with its id. */
    private static String parts(Committed entry, EventFilter filter) {
        StringBuilder found = new StringBuilder();
        int from = 0;
        for (Committed.Part part = entry.part(0, filter); part != null; part = entry.part(from, filter)) {
            String id = part.message().id();
            found.append(' ').append(part.changes()).append(id == null ? "" : "=" + id);
            from = part.next();
        }
        return found.toString().strip();
    }

    @Test
    void theBytesOfAForgottenMessageAreThereForWhoeverWritesThem() {
        history.restart(revision("1-0"));
        append("1-1", "a");
        Message message = history.last().part(0, EventFilter.ALL).message();
        ByteBuf written = message.sse();
        ByteBuf other = message.sse();
        assertEquals(written.memoryAddress(), other.memoryAddress(), "readers share the bytes");
        for (int i = 2; i <= 9; i++) {
            append("1-" + i, "a");
        }

        assertTrue(written.toString(StandardCharsets.US_ASCII).startsWith("id: 1-1\nevent: change\n"));
        written.release();
        assertTrue(other.release(), "nobody else has them any more");
        assertNull(message.sse());
        assertNull(message.data());
    }

    @Test
    void eachEpochBeginsWithAMessageOfItsOwn() {
        history.restart(revision("1-3"));
        append("1-4", "a");
        append("3-1");
        append("3-2", "b");

        assertEquals("1-4 3-0 3-2", after("1-3"));
        Message began = history.at(revision("3-0")).part(0, EventFilter.ALL).message();
        assertEquals("3-0", began.id());
        assertTrue(data(began).contains("{\"kind\":\"leader-changed\",\"epoch\":3}"), data(began));
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

        Message whole = message(both, EventFilter.ALL);
        Message part = message(both, new EventFilter("a/", List.of()));

        assertSame(whole, message(both, EventFilter.ALL));
        assertSame(whole, message(both, new EventFilter("", List.of("granted"))));
        assertSame(part, message(both, new EventFilter("a/", List.of("granted", "released"))));
        assertNull(both.part(0, new EventFilter("c/", List.of())));
        assertNull(both.part(0, new EventFilter("", List.of("released"))));
        assertEquals(
                "{\"revision\":\"1-1\",\"at\":\"1970-01-01T00:00:00Z\",\"changes\":"
                        + "[{\"kind\":\"granted\",\"lock\":\"a/1\",\"grant\":\"g\",\"session\":\"0-4\",\"token\":6}]}",
                data(part));
    }

    private static Message message(Committed entry, EventFilter filter) {
        return entry.part(0, filter).message();
    }

    private static String data(Message message) {
        return message.data().toString(StandardCharsets.US_ASCII);
    }
}

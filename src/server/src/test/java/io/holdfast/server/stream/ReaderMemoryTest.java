package io.holdfast.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.server.Memory;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What readers keep in memory, and how much work they are in one turn. */
class ReaderMemoryTest {

    private static final int BUFFER = 64 * 1024;

    private final Bench node = new Bench(50);

    /** A connection whose other end takes nothing until it is told to. */
    private static class Slow implements Outlet {
        private final List<ByteBuf> pending = new ArrayList<>();
        private boolean cut;

        int bytes() {
            return pending.stream().mapToInt(ByteBuf::readableBytes).sum();
        }

        void read() {
            pending.forEach(ByteBuf::release);
            pending.clear();
        }

        /** Notes the bytes that are outside of the heap, by where they are. */
        void addShared(Map<Long, Integer> shared) {
            for (ByteBuf buffer : pending) {
                if (buffer instanceof CompositeByteBuf composite) {
                    composite.forEach(piece -> addShared(shared, piece));
                } else {
                    addShared(shared, buffer);
                }
            }
        }

        private static void addShared(Map<Long, Integer> shared, ByteBuf piece) {
            if (piece.hasMemoryAddress()) {
                shared.put(piece.memoryAddress() + piece.readerIndex(), piece.readableBytes());
            }
        }

        @Override
        public void write(Buffer bytes) {
            throw new AssertionError("bytes of its own are not written by a reader");
        }

        @Override
        public void write(ByteBuf shared) {
            pending.add(shared);
        }

        @Override
        public boolean isFull() {
            return bytes() >= BUFFER;
        }

        @Override
        public void end() {
            // Nothing more is looked at.
        }

        @Override
        public void cut() {
            cut = true;
        }
    }

    private static StreamTerms all(Long since) {
        return new StreamTerms(EventFilter.ALL, since, null);
    }

    private void commitMany(int times) {
        for (int i = 0; i < times; i++) {
            node.apply(new Command.OpenSession("k" + node.history.upTo(), 10_000, "", "", 0));
        }
    }

    /** What one transaction changes in which a thousand sessions end, each with ten locks that others wait for. */
    private static List<Change> deathOfARack() {
        List<Change> changes = new ArrayList<>();
        for (int session = 1; session <= 1_000; session++) {
            for (int i = 0; i < 10; i++) {
                String lock = "rack/" + session + "/" + i;
                changes.add(new Change(
                        Change.Kind.EXPIRED, lock, "g" + lock, session, session, 7, Cause.SESSION_EXPIRED, 0, null));
                changes.add(new Change(Change.Kind.GRANTED, lock, "next" + lock, 5_000, session, 8, null, 0, null));
            }
            changes.add(
                    new Change(Change.Kind.SESSION_ENDED, null, null, session, 0, 0, Cause.SESSION_EXPIRED, 0, null));
        }
        return changes;
    }

    @Test
    void aRackThatDiesAtOnceCostsFiveHundredReadersWhatItCostsOne() {
        List<Slow> outlets = new ArrayList<>();
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Slow outlet = new Slow();
            outlets.add(outlet);
            readers.add(node.begin(all(null), outlet));
        }
        node.history.append(1L << 32 | 1, 0, deathOfARack());
        node.lane.wake();
        node.settle();

        Map<Long, Integer> shared = new HashMap<>();
        for (Slow outlet : outlets) {
            assertTrue(outlet.bytes() <= 2 * BUFFER, outlet.bytes() + " bytes wait for one reader");
            outlet.addShared(shared);
        }
        int bytes = shared.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(bytes > 0 && bytes <= 2 * BUFFER, bytes + " bytes are in memory for all readers");

        long said = 0;
        Slow one = outlets.get(0);
        while (one.bytes() > 0) {
            said += one.bytes();
            one.read();
            readers.get(0).drained();
            node.settle();
        }
        assertTrue(said > 1_000_000, "all of it is said in the end, not " + said + " bytes");
        assertFalse(one.cut);
    }

    @Test
    void aReaderThatTakesNothingKeepsNothingOfHistoryInMemory() {
        Slow outlet = new Slow();
        EventReader reader = node.begin(all(null), outlet);
        outlet.write(Unpooled.wrappedBuffer(new byte[BUFFER]));
        commitMany(3);
        WeakReference<Committed> following = new WeakReference<>(node.history.last());
        commitMany(100);
        node.settle();

        Memory.awaitCollected(following);
        reader.tick(1);
        assertTrue(reader.isCutOff());
    }

    @Test
    void aReaderThatWaitsForTheStateOrIsGoneKeepsNothingOfHistoryInMemory() {
        commitMany(3);
        node.history.restart(node.history.upTo());
        EventReader repaired = node.begin(all(0L), new Received());
        EventReader waits = node.begin(all(0L), new Received());
        EventReader closed = node.begin(all(null), new Received());
        closed.close();
        assertEquals(1, node.desk.running());
        assertEquals(1, node.desk.waiting());
        assertEquals(2, node.desk.resets());
        commitMany(3);
        WeakReference<Committed> entry = new WeakReference<>(node.history.last());
        commitMany(100);

        Memory.awaitCollected(entry);
        assertFalse(repaired.isOver());
        waits.close();
        assertEquals(0, node.desk.waiting());
        node.settle();
        assertEquals(0, node.desk.running());
    }

    @Test
    void aReaderThatWantsNothingOfWhatItLooksAtYieldsToOthers() {
        Bench busy = new Bench(20_000);
        for (int i = 0; i < 10_000; i++) {
            busy.apply(new Command.OpenSession("k" + i, 10_000, "", "", 0));
        }
        busy.settle();
        Received received = new Received();
        busy.begin(new StreamTerms(new EventFilter("nobody/", List.of()), 0L, null), received);
        int turns = 0;
        while (busy.turn()) {
            turns++;
        }

        assertTrue(turns >= 4, "it looked at 10 000 transactions in " + turns + " turns");
        assertEquals(List.of(), received.events());
    }

    @Test
    void pagesOfTheStateLeaveTheNodeMostOfItsTime() {
        List<Long> began = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            node.desk.page(table -> {
                began.add(node.nanos);
                node.nanos += 5_000_000;
            });
        }
        node.settle();

        assertEquals(10, began.size());
        for (int i = 1; i < began.size(); i++) {
            assertTrue(began.get(i) - began.get(i - 1) >= 50_000_000, began::toString);
        }
    }

    @Test
    void aDefectThatOneReaderMeetsEndsThatReaderOnly() {
        Received sound = new Received();
        Slow defect = new Slow() {
            @Override
            public void write(ByteBuf shared) {
                if (node.history.upTo() > 0) {
                    throw new IllegalStateException("a defect, thrown by a test");
                }
            }
        };
        node.begin(all(0L), defect);
        node.begin(all(0L), sound);
        commitMany(1);
        node.settle();

        assertTrue(defect.cut);
        assertEquals(List.of("change 1-0", "change 1-1"), sound.events());
    }
}

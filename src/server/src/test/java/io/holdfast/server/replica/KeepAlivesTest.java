package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeepAlivesTest {

    private final List<List<Long>> notes = new ArrayList<>();
    private final List<Promise<Void>> rounds = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final KeepAlives keepAlives = new KeepAlives(this::touch, timers::add);

    private Future<Void> touch(Payload note) {
        List<Long> ids = new ArrayList<>();
        TouchNote.decode(note, ids::add);
        notes.add(ids);
        rounds.add(Promise.promise());
        return rounds.get(rounds.size() - 1).future();
    }

    @Test
    void keepalivesOfAFewMillisecondsTravelAndAreConfirmedTogether() {
        Future<Void> first = keepAlives.add(List.of(1L, 2L));
        Future<Void> second = keepAlives.add(List.of(2L, 3L));
        assertTrue(notes.isEmpty());

        timers.forEach(Runnable::run);
        assertEquals(List.of(List.of(1L, 2L, 3L)), notes);
        assertFalse(first.isComplete());

        rounds.get(0).complete();
        assertTrue(first.succeeded() && second.succeeded());
    }

    @Test
    void whatComesAfterABatchLeftWaitsForARoundOfItsOwn() {
        keepAlives.add(List.of(1L));
        timers.get(0).run();
        Future<Void> late = keepAlives.add(List.of(1L));
        rounds.get(0).complete();

        assertFalse(late.isComplete());
        timers.get(1).run();
        assertEquals(2, notes.size());
    }

    @Test
    void aFullBatchLeavesAtOnce() {
        keepAlives.add(LongStream.rangeClosed(1, TouchNote.MAX_IDS).boxed().toList());
        keepAlives.add(List.of(1_000_000L));
        assertEquals(1, notes.size());

        timers.forEach(Runnable::run);
        assertEquals(2, notes.size());
        assertEquals(List.of(1_000_000L), notes.get(1));
    }

    @Test
    void whatIsNoNoteTouchesNobody() {
        List<Long> touched = new ArrayList<>();
        byte[] cut = {1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5};

        assertThrows(IllegalArgumentException.class, () -> TouchNote.decode(Payload.of(cut), touched::add));
        assertThrows(IllegalArgumentException.class, () -> TouchNote.decode(Payload.EMPTY, touched::add));
        assertTrue(touched.isEmpty());
    }
}

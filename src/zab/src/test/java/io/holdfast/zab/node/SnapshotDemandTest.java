package io.holdfast.zab.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Zxid;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotDemandTest {

    private int begun;
    private final SnapshotDemand demand = new SnapshotDemand(() -> begun++);

    private static Position at(long counter) {
        return new Position(new Zxid(1, counter), counter);
    }

    private Future<Position> ask(long least, long newest) {
        return demand.ask(new Zxid(1, least), at(newest));
    }

    @Test
    void aSnapshotThatHasAllServesAtOnce() {
        assertEquals(at(7), ask(7, 7).result());
        assertEquals(0, begun);
    }

    @Test
    void oneSnapshotServesAllWhoAskedBeforeItBeganAndTheOthersGetTheNext() {
        Future<Position> first = ask(5, 0);
        Future<Position> second = ask(5, 0);
        Future<Position> later = ask(6, 0);
        demand.ended(at(5));
        assertEquals(at(5), first.result());
        assertEquals(at(5), second.result());
        assertFalse(later.isComplete());
        int asked = begun;
        assertEquals(4, asked, "once by each, and once more for the one that is left");
        demand.ended(at(8));
        assertEquals(at(8), later.result());
        assertEquals(asked, begun);
    }

    @Test
    void whenNoneCanBeMadeAllHearWhy() {
        Future<Position> first = ask(5, 0);
        IOException full = new IOException("full");
        demand.failed(full);
        assertEquals(full, first.cause());
        Future<Position> next = ask(5, 0);
        demand.ended(at(5));
        assertTrue(next.succeeded());
    }

    @Test
    void onlySoManyWait() {
        List<Future<Position>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(ask(5, 0));
        }
        assertEquals(8, asked.stream().filter(Future::failed).count());
    }
}

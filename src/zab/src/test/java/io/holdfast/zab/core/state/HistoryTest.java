package io.holdfast.zab.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ring behaves like a plain list of transactions. */
final class HistoryTest {

    private static Txn next(Position last, Zxid zxid) {
        return Txn.after(
                last.zxid(),
                last.chainHash(),
                zxid,
                TxnType.COMMAND,
                new Origin(new ServerId(1), zxid.counter()),
                Payload.of(new byte[(int) (zxid.counter() % 7)]));
    }

    @Test
    void itBehavesLikeAListUnderAnyMixOfAppendTruncateAndTrim() {
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            History history = new History(Position.START, List.of());
            List<Txn> list = new ArrayList<>();
            Position start = Position.START;
            long epoch = 1;
            for (int step = 0; step < 4_000; step++) {
                int what = random.nextInt(100);
                if (what < 2 && !list.isEmpty()) {
                    Zxid to = list.get(random.nextInt(list.size())).zxid();
                    history.truncate(to);
                    list.removeIf(txn -> txn.zxid().isAfter(to));
                    epoch++;
                } else if (what < 4) {
                    int keep = random.nextInt(1_500);
                    history.trim(history.last().zxid(), keep, Long.MAX_VALUE);
                    while (list.size() > keep) {
                        Txn oldest = list.remove(0);
                        start = new Position(oldest.zxid(), oldest.chainHash());
                    }
                } else {
                    Position last = history.last();
                    Txn txn = next(
                            last, last.zxid().epoch() == epoch ? last.zxid().next() : new Zxid(epoch, 1));
                    history.append(txn);
                    list.add(txn);
                }
                assertEquals(list.size(), history.size(), "seed " + seed);
                assertEquals(start, history.start(), "seed " + seed);
                int place = list.isEmpty() ? 0 : random.nextInt(list.size());
                if (!list.isEmpty()) {
                    assertEquals(list.get(place), history.get(place), "seed " + seed);
                    assertEquals(place + 1, history.firstAfter(list.get(place).zxid()), "seed " + seed);
                    assertTrue(history.contains(list.get(place).zxid()), "seed " + seed);
                }
            }
        }
    }

    @Test
    void aGapIsRefused() {
        History history = new History(Position.START, List.of());
        history.append(next(Position.START, new Zxid(1, 1)));
        Txn afterAGap = next(new Position(new Zxid(1, 2), 0), new Zxid(1, 3));
        assertThrows(BrokenInvariantException.class, () -> history.append(afterAGap));
    }

    @Test
    void aTransactionThatDoesNotChainIsRefused() {
        History history = new History(Position.START, List.of());
        Txn foreign = next(new Position(Zxid.ZERO, 99), new Zxid(1, 1));
        assertThrows(BrokenInvariantException.class, () -> history.append(foreign));
    }

    @Test
    void nothingBeforeItsStartIsInIt() {
        History history = new History(new Position(new Zxid(4, 4), 7), List.of());
        assertFalse(history.contains(new Zxid(4, 3)));
        assertTrue(history.contains(new Zxid(4, 4)));
        assertThrows(BrokenInvariantException.class, () -> history.floor(new Zxid(4, 3)));
    }
}

package io.holdfast.zab.core.leading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.History;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every relation between a learner's last transaction and the leader's history (protocol.md#h03, protocol.md#h04,
 * protocol.md#h05, protocol.md#h06, protocol.md#h07).
 */
final class SyncPlanTest {

    /** The leader has forgotten all up to 1-2, and has 1-3, 1-4, 3-1, 3-2; its newest snapshot is at 1-4. */
    private static History history() {
        History history = new History(new Position(new Zxid(1, 2), 42), List.of());
        for (String zxid : List.of("1-3", "1-4", "3-1", "3-2")) {
            Position last = history.last();
            history.append(Txn.after(
                    last.zxid(),
                    last.chainHash(),
                    Zxid.parse(zxid),
                    TxnType.COMMAND,
                    new Origin(new ServerId(1), 1),
                    Payload.EMPTY));
        }
        return history;
    }

    @ParameterizedTest
    @CsvSource({
        // the learner's last, how, and from where the leader's transactions continue
        "0-0, SNAP, 1-4",
        "1-1, SNAP, 1-4",
        "1-2, DIFF, 1-2",
        "1-3, DIFF, 1-3",
        "1-4, DIFF, 1-4",
        "1-5, TRUNC, 1-4",
        "2-7, TRUNC, 1-4",
        "3-1, DIFF, 3-1",
        "3-2, DIFF, 3-2",
        "3-3, TRUNC, 3-2",
        "4-1, TRUNC, 3-2",
    })
    void theLearnersLastTransactionDecides(String last, SyncMode mode, String from) {
        History history = history();
        SyncPlan plan = SyncPlan.of(history, history.floor(new Zxid(1, 4)), Zxid.parse(last));
        assertEquals(mode, plan.mode());
        assertEquals(Zxid.parse(from), plan.from().zxid());
        assertEquals(history.floor(Zxid.parse(from)), plan.from());
    }

    @ParameterizedTest
    @CsvSource({
        // the learner's last, how many transactions and bytes may be sent, how, and from where they continue
        "1-2, 4, 256, DIFF, 1-2",
        "1-2, 3, 256, SNAP, 1-4",
        "1-2, 4, 255, SNAP, 1-4",
        "2-7, 1, 64, TRUNC, 1-4",
        "1-4, 1, 64, DIFF, 1-4",
        "0-0, 1, 64, SNAP, 1-4",
    })
    void whatIsTooMuchForALinkIsReplacedByANewerSnapshot(
            String last, int txnsMax, long bytesMax, SyncMode mode, String from) {
        History history = history();
        Position snapshot = history.floor(new Zxid(1, 4));
        SyncPlan plan = SyncPlan.of(history, snapshot, Zxid.parse(last)).within(history, snapshot, txnsMax, bytesMax);
        assertEquals(mode, plan.mode());
        assertEquals(Zxid.parse(from), plan.from().zxid());
    }

    @ParameterizedTest
    @CsvSource({
        // the plan's position, the learner's greatest position before it, how to go on
        "3-2, 1-5, TRUNC, 1-4",
        "3-2, 1-3, TRUNC, 1-3",
        "3-2, 1-2, TRUNC, 1-2",
        "3-2, 1-1, SNAP, 1-4",
        "3-2, 3-2, SNAP, 1-4",
    })
    void aLearnerThatLacksThePositionIsAskedFurtherBackAndOneThatDiffersGetsASnapshot(
            String from, String at, SyncMode mode, String next) {
        History history = history();
        SyncPlan plan = new SyncPlan(SyncMode.TRUNC, history.floor(Zxid.parse(from)))
                .refused(history, history.floor(new Zxid(1, 4)), Zxid.parse(at));
        assertEquals(mode, plan.mode());
        assertEquals(Zxid.parse(next), plan.from().zxid());
    }
}

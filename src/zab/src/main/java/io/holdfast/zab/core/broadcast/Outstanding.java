package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;

/** Counts what a leader proposed and what is not committed yet, and decides whether it takes more on. */
final class Outstanding {

    private final Replica replica;

    /** Invariant: what is in the history after lastCommitted. */
    private int txns;

    private long bytes;

    Outstanding(Replica replica) {
        this.replica = replica;
    }

    int txns() {
        return txns;
    }

    /** Returns whether no more is proposed now: too much is under way, or waits for a snapshot to be applied. */
    boolean isFull() {
        return txns >= replica.config().outstandingTxnsMax()
                || bytes >= replica.config().outstandingBytesMax()
                || replica.isHeld();
    }

    void proposed(Txn txn) {
        txns++;
        bytes += txn.weight();
    }

    /** Takes off what lies after {@code after} up to {@code upTo}. */
    void committed(Zxid after, Zxid upTo) {
        History history = replica.history();
        for (int i = history.firstAfter(after); i < history.size(); i++) {
            Txn txn = history.get(i);
            if (txn.zxid().isAfter(upTo)) {
                return;
            }
            txns--;
            bytes -= txn.weight();
        }
    }
}

package io.holdfast.simulator.scope;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;

/**
 * What the log of a server amounts to when it is read.
 *
 * @param acceptedLeader 0 for none
 */
record Disk(long acceptedEpoch, int acceptedLeader, long currentEpoch, List<Txn> txns) {

    static final Disk EMPTY = new Disk(0, 0, 0, List.of());

    Disk {
        txns = List.copyOf(txns);
    }

    /** Returns what it is when one more record is on disk. */
    Disk with(LogRecord record) {
        if (record instanceof LogRecord.Append append) {
            List<Txn> longer = new ArrayList<>(txns);
            longer.add(append.txn());
            return new Disk(acceptedEpoch, acceptedLeader, currentEpoch, longer);
        }
        if (record instanceof LogRecord.Promise promise) {
            return new Disk(promise.epoch(), promise.leader().value(), currentEpoch, txns);
        }
        if (record instanceof LogRecord.AdoptEpoch adopt) {
            return new Disk(acceptedEpoch, acceptedLeader, adopt.epoch(), txns);
        }
        if (record instanceof LogRecord.Truncate truncate) {
            List<Txn> shorter = txns.stream()
                    .filter(txn -> txn.zxid().compareTo(truncate.to()) <= 0)
                    .toList();
            return new Disk(acceptedEpoch, acceptedLeader, currentEpoch, shorter);
        }
        throw new IllegalStateException("no server takes or gets a snapshot in this scope: " + record);
    }

    Position last() {
        if (txns.isEmpty()) {
            return Position.START;
        }
        Txn txn = txns.get(txns.size() - 1);
        return new Position(txn.zxid(), txn.chainHash());
    }

    boolean has(Txn txn) {
        return txns.contains(txn);
    }

    boolean reaches(Zxid zxid) {
        return last().zxid().compareTo(zxid) >= 0;
    }
}

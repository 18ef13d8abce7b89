package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A log and its snapshots in memory, with a line between what is durable and what a crash may take. */
final class MemoryDisk {

    /** A snapshot is the list of what was applied. */
    record Image(Position at, Configuration configuration, List<Txn> applied) {}

    private final List<LogRecord> durable = new ArrayList<>();
    private final List<LogRecord> written = new ArrayList<>();
    private final Map<Zxid, Image> snapshots = new TreeMap<>();
    private final DiskId id;

    MemoryDisk(DiskId id) {
        this.id = id;
    }

    DiskId id() {
        return id;
    }

    void append(LogRecord record) {
        written.add(record);
    }

    /** Makes the first {@code count} of the written records durable. */
    void sync(int count) {
        durable.addAll(written.subList(0, count));
        written.subList(0, count).clear();
    }

    int unsynced() {
        return written.size();
    }

    /** The process dies: any prefix of what was written but not synced may have reached the disk. */
    void crash(Random random) {
        sync(random.nextInt(written.size() + 1));
        written.clear();
    }

    void keep(Image image) {
        snapshots.put(image.at().zxid(), image);
    }

    Image image(Zxid zxid) {
        return snapshots.get(zxid);
    }

    /** Derives what a server knows from the records (protocol.md#persistent-state). */
    Recovered recover(Configuration initial) {
        long accepted = 0;
        ServerId leader = null;
        long current = 0;
        Position start = Position.START;
        Position snapshot = Position.START;
        List<Txn> txns = new ArrayList<>();
        for (LogRecord record : durable) {
            if (record instanceof LogRecord.Append append) {
                txns.add(append.txn());
            } else if (record instanceof LogRecord.Promise promise) {
                accepted = promise.epoch();
                leader = promise.leader();
            } else if (record instanceof LogRecord.AdoptEpoch adopt) {
                current = adopt.epoch();
            } else if (record instanceof LogRecord.Truncate truncate) {
                txns.removeIf(txn -> txn.zxid().isAfter(truncate.to()));
            } else if (record instanceof LogRecord.Snapshot taken) {
                snapshot = taken.at();
                if (taken.received()) {
                    start = taken.at();
                    txns.clear();
                }
            }
        }
        Image image = snapshots.get(snapshot.zxid());
        Configuration configuration = image == null ? initial : image.configuration();
        return new Recovered(id, accepted, leader, current, snapshot, configuration, start, txns);
    }
}

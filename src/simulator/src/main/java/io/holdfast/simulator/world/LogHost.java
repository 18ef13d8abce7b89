package io.holdfast.simulator.world;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.log.WriteAheadLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The thread that writes the log, as a node has it: whatever came in while it wrote goes to disk together. A write
 * happens when its time is over, or in part when the process dies before.
 */
final class LogHost {

    private final ServerProcess process;
    private final Node node;
    private final WriteAheadLog log;
    private List<LogRecord> queue = new ArrayList<>();
    private List<LogRecord> writing = List.of();

    LogHost(ServerProcess process, WriteAheadLog log) {
        this.process = process;
        this.node = process.node();
        this.log = log;
    }

    void append(LogRecord record) {
        queue.add(record);
    }

    /** Begins to write what waits, unless a write is under way. */
    void handOver() {
        if (!writing.isEmpty() || queue.isEmpty()) {
            return;
        }
        writing = queue;
        queue = new ArrayList<>();
        node.world().scheduler().after(node.fsyncNanos(), this::complete);
    }

    private void complete() {
        if (process.isDead()) {
            return;
        }
        if (node.isStuck()) {
            node.world().scheduler().afterMillis(50, this::complete);
            return;
        }
        try {
            long records = write(writing);
            List<LogRecord> written = writing;
            writing = List.of();
            for (LogRecord record : written) {
                node.world().invariants().durable(process.id(), record);
            }
            process.event(() -> process.core().persisted(process.now(), records));
            handOver();
        } catch (IOException e) {
            process.fail(e);
        }
    }

    private long write(List<LogRecord> batch) throws IOException {
        boolean snapshot = false;
        for (LogRecord record : batch) {
            log.append(record);
            snapshot |= record instanceof LogRecord.Snapshot;
        }
        long records = log.sync();
        if (snapshot) {
            // protocol.md#p10: only now is the newer snapshot part of the history.
            log.retire();
        }
        return records;
    }

    /** The process dies: the write that was under way got as far as the disk lets it. */
    void die() {
        if (!writing.isEmpty()) {
            try {
                write(writing);
            } catch (IOException e) {
                node.note("died while it wrote %s records", writing.size());
            }
        }
    }
}

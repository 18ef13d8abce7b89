package io.holdfast.zab.node;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.log.LogFailedException;
import io.holdfast.zab.log.WriteAheadLog;
import java.util.ArrayList;
import java.util.List;

/**
 * The one thread that writes the log: whatever has come in while it wrote goes to disk together, with one fsync.
 *
 * <p>After the first failure it writes nothing more; the node must stop, since the content of the disk is unknown
 * (protocol.md#disk-errors).
 */
final class LogWriter {

    /** Records that share one fsync, at most: acknowledgements of a long synchronization should flow meanwhile. */
    private static final int BATCH_RECORDS_MAX = 4_096;

    /**
     * Records waiting above which no more are read from peers; they stay in the peer's queue then, which is bounded.
     */
    private static final int BUSY_RECORDS = 20_000;

    private static final long BUSY_BYTES = 32L << 20;

    /** What a writer tells, on its thread. */
    interface Outcome {

        /** So many of all records are durable. */
        void durable(long records);

        /** Nothing is written any more. */
        void failed(Throwable cause);

        /** Files are not needed any more; deleting them must not delay the log. */
        void retired(WriteAheadLog.Retirement retirement);
    }

    private final WriteAheadLog log;
    private final Outcome outcome;
    private final NodeMetrics metrics;
    private final LogPace pace;
    private final Thread thread;
    /** Records of the current turn; used on the node's context only. */
    private final List<LogRecord> collected = new ArrayList<>();

    private final Object monitor = new Object();
    /** Guarded by the monitor. */
    private List<LogRecord> queue = new ArrayList<>();

    private long queuedBytes;
    private boolean closing;

    /**
     * Makes the writer; {@link #start} begins.
     *
     * @param pace is told how long batches take
     */
    LogWriter(String name, WriteAheadLog log, Outcome outcome, NodeMetrics metrics, LogPace pace) {
        this.log = log;
        this.outcome = outcome;
        this.metrics = metrics;
        this.pace = pace;
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    /** Takes a record; it goes to the thread with {@link #handOver}. */
    void append(LogRecord record) {
        collected.add(record);
    }

    /** Gives the thread what was appended in this turn: one wake-up for all of it. */
    void handOver() {
        if (collected.isEmpty()) {
            return;
        }
        synchronized (monitor) {
            for (LogRecord record : collected) {
                queue.add(record);
                queuedBytes += weight(record);
            }
            monitor.notifyAll();
        }
        collected.clear();
    }

    /** Returns whether so much waits that no more should be read from peers. */
    boolean isBusy() {
        synchronized (monitor) {
            return queue.size() > BUSY_RECORDS || queuedBytes > BUSY_BYTES;
        }
    }

    /**
     * Writes what waits, ends the thread and closes the log. Blocks.
     *
     * @throws LogFailedException the last records may be lost
     */
    void close() throws LogFailedException, InterruptedException {
        synchronized (monitor) {
            closing = true;
            monitor.notifyAll();
        }
        thread.join();
        log.close();
    }

    private void run() {
        try {
            for (List<LogRecord> batch = take(); !batch.isEmpty(); batch = take()) {
                write(batch);
            }
        } catch (InterruptedException e) {
            outcome.failed(new IllegalStateException("the log's thread was interrupted", e));
        } catch (LogFailedException | RuntimeException | Error e) {
            outcome.failed(e);
        }
    }

    private void write(List<LogRecord> batch) throws LogFailedException {
        long begun = System.nanoTime();
        boolean snapshot = false;
        for (LogRecord record : batch) {
            log.append(record);
            snapshot |= record instanceof LogRecord.Snapshot;
        }
        long records = log.sync();
        long nanos = System.nanoTime() - begun;
        metrics.logSynced(batch.size(), nanos);
        pace.logSynced(nanos);
        outcome.durable(records);
        if (snapshot) {
            // protocol.md#p10: only now is the newer snapshot part of the history.
            outcome.retired(log.retirement());
        }
    }

    /** Waits for records; an empty list ends the thread. */
    private List<LogRecord> take() throws InterruptedException {
        synchronized (monitor) {
            while (queue.isEmpty() && !closing) {
                monitor.wait();
            }
            List<LogRecord> batch = queue;
            if (batch.size() <= BATCH_RECORDS_MAX) {
                queue = new ArrayList<>();
            } else {
                queue = new ArrayList<>(batch.subList(BATCH_RECORDS_MAX, batch.size()));
                batch = new ArrayList<>(batch.subList(0, BATCH_RECORDS_MAX));
            }
            for (LogRecord record : batch) {
                queuedBytes -= weight(record);
            }
            return batch;
        }
    }

    private static int weight(LogRecord record) {
        return record instanceof LogRecord.Append append ? append.txn().weight() : 0;
    }
}

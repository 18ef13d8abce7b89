package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one write-ahead log of a member. All methods but {@link #open} are called by one thread, the log thread.
 *
 * <p>After a failure nothing is known of what the disk has (a failed fsync marks pages clean, m37), so the log refuses
 * everything from then on, and only a new process that recovers may go on.
 */
public final class WriteAheadLog implements Closeable {

    /** Kept written ahead of transactions, so that a promise or an epoch can be logged on a full disk. */
    private static final int PROMISE_RESERVE_BYTES = 16 << 10;

    private final Disk disk;
    private final LogConfig config;
    private final LogState state;
    private final SnapshotStore snapshots;
    /** All segments but the active one, oldest first. */
    private final ArrayDeque<SegmentHeader> older;

    private Segment segment;
    private RecordCodec codec;
    private ByteBuffer batch;
    private long appended;
    private long nextLsn;
    private long durableLsn;
    private boolean unforced;
    private boolean closed;
    private @Nullable Throwable failure;

    WriteAheadLog(
            Disk disk,
            LogConfig config,
            LogState state,
            SnapshotStore snapshots,
            List<SegmentHeader> older,
            Segment segment) {
        this.disk = disk;
        this.config = config;
        this.state = state;
        this.snapshots = snapshots;
        this.older = new ArrayDeque<>(older);
        this.segment = segment;
        this.codec = new RecordCodec(segment.header().salt());
        this.batch = ByteBuffer.allocateDirect(config.batchBytes());
        this.durableLsn = segment.header().durableLsn();
        this.nextLsn = durableLsn + 1;
    }

    /** Returns whether {@link #open} would format the directory; changes nothing. */
    public static boolean isNew(Disk disk) throws IOException {
        return disk.list().stream().noneMatch(SegmentHeader::isName);
    }

    /**
     * Opens a directory: locks it, formats it when it is empty, reads it otherwise. When this returns, all that it
     * returns is durable (protocol.md#p1), also what a crash had left only in the page cache. The caller closes the
     * disk, also when this fails.
     *
     * @param initial configuration of a new ensemble; used by formatting only, later the directory's own counts
     * @param forFormat a random number, used by formatting only
     * @throws DirectoryRefusedException in use, or of another cluster or server
     * @throws LogCorruptException damaged; nothing was cut
     * @throws IOException the disk failed
     */
    public static Opened open(
            Disk disk, LogConfig config, LogIdentity identity, Configuration initial, DiskId forFormat)
            throws IOException {
        return new Opening(disk, config, identity).open(initial, forFormat);
    }

    /**
     * Takes a record into the batch; written at the latest by {@link #sync}. Writes earlier only when the batch is full
     * or the segment ends.
     *
     * @throws IllegalArgumentException the record does not follow from the history; nothing was taken
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    public void append(LogRecord record) throws LogFailedException {
        requireUsable();
        state.check(record);
        long truncatedToHash = record instanceof LogRecord.Truncate truncate
                ? state.target(truncate).chainHash()
                : 0;
        encode(record, truncatedToHash);
        state.apply(record, truncatedToHash);
        appended++;
    }

    /**
     * Makes all records given to {@link #append} durable: one write and one fsync, however many there are.
     *
     * @return how many records were appended since {@link #open}: all of them are durable now
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    public long sync() throws LogFailedException {
        requireUsable();
        try {
            force();
            return appended;
        } catch (IOException e) {
            throw failed("write and fsync a batch", e);
        }
    }

    /** As {@link #retirement}, at once. */
    public void retire() throws LogFailedException {
        retirement().run();
    }

    /** Files that are not needed any more, to be deleted on any thread; one such task after the other. */
    public final class Retirement {
        private final List<String> segments;
        private final List<Position> needed;

        private Retirement(List<String> segments, List<Position> needed) {
            this.segments = segments;
            this.needed = needed;
        }

        /**
         * Deletes them, which takes a file system some time for each. Blocks.
         *
         * @throws LogFailedException the disk failed; stop the process
         */
        public void run() throws LogFailedException {
            try {
                for (String segment : segments) {
                    disk.delete(segment);
                    // One at a time: were a newer one gone and an older one still there, the log would have a hole.
                    disk.sync();
                }
                if (!needed.isEmpty()) {
                    snapshots.retain(needed);
                }
            } catch (IOException e) {
                throw failure("delete old segments and snapshots", e);
            }
        }
    }

    /**
     * Returns the whole segments and snapshots that lie behind the older of the two newest snapshots (protocol.md#p10).
     * Called after the {@link #sync} of a {@link LogRecord.Snapshot}; the log itself has forgotten them when this
     * returns.
     *
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    public Retirement retirement() throws LogFailedException {
        requireUsable();
        List<Position> needed = state.snapshots();
        List<String> segments = new ArrayList<>();
        if (needed.size() < 2) {
            return new Retirement(segments, List.of());
        }
        try {
            force();
        } catch (IOException e) {
            throw failed("write and fsync a batch", e);
        }
        while (!older.isEmpty()
                && !secondOldest().last().zxid().isAfter(needed.get(0).zxid())) {
            segments.add(older.removeFirst().fileName());
        }
        return new Retirement(segments, needed);
    }

    /** Makes all durable, leaves the mark of a clean stop and closes the files; the disk stays open. */
    @Override
    public void close() throws LogFailedException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (failure == null) {
                force();
                encode(null, 0);
                force();
            }
            segment.close();
        } catch (LogFailedException e) {
            throw e;
        } catch (IOException e) {
            throw failed("close", e);
        }
    }

    private void encode(@Nullable LogRecord record, long truncatedToHash) throws LogFailedException {
        try {
            int bytes = RecordCodec.bytes(record);
            makeRoom(record, bytes);
            codec.encode(batch, record, nextLsn, durableLsn, truncatedToHash);
            nextLsn++;
        } catch (IOException e) {
            throw failed("append a record", e);
        }
    }

    /** Makes sure that the record fits into the segment, the file's length and the batch. */
    private void makeRoom(@Nullable LogRecord record, int bytes) throws IOException {
        boolean growsFreely = !(record instanceof LogRecord.Append);
        boolean isEmpty = segment.isEmpty() && batch.position() == 0;
        if (!isEmpty && segment.end() + batch.position() + bytes > config.segmentBytes()) {
            roll(growsFreely);
        }
        long end = segment.end() + batch.position() + bytes;
        long needed = growsFreely ? end : end + PROMISE_RESERVE_BYTES;
        if (needed > segment.filledTo()) {
            if (!growsFreely) {
                Reserve.requireRoomForTransactions(disk, config);
            }
            long target = needed + Reserve.step(disk, config);
            segment.fillTo(Math.max(needed, Math.min(target, config.segmentBytes())));
        }
        if (bytes > batch.remaining()) {
            write();
        }
        if (bytes > batch.capacity()) {
            batch = ByteBuffer.allocateDirect(bytes);
        }
    }

    /** Ends the segment: it is durable before the next one has a name. */
    private void roll(boolean mayUseReserve) throws IOException {
        force();
        SegmentHeader before = segment.header();
        SegmentHeader header = before.next(before.sequence() + 1, nextLsn, durableLsn, state);
        if (mayUseReserve) {
            Reserve.releaseWhenShort(disk, config);
        } else {
            Reserve.requireRoomForTransactions(disk, config);
        }
        Segment next = Segment.create(disk, header, List.of(), Reserve.step(disk, config));
        segment.close();
        older.addLast(before);
        segment = next;
        codec = new RecordCodec(header.salt());
    }

    private void force() throws IOException {
        write();
        if (unforced) {
            segment.force();
            unforced = false;
        }
        durableLsn = nextLsn - 1;
    }

    private void write() throws IOException {
        if (batch.position() > 0) {
            segment.write(batch.flip());
            batch.clear();
            unforced = true;
        }
    }

    private SegmentHeader secondOldest() {
        SegmentHeader second = segment.header();
        int index = 0;
        for (SegmentHeader header : older) {
            if (index++ == 1) {
                second = header;
                break;
            }
        }
        return second;
    }

    private void requireUsable() throws LogFailedException {
        if (failure != null) {
            throw new LogFailedException(
                    "The log failed before and takes nothing more until it is recovered: stop and start"
                            + " this server. First failure: " + failure.getMessage(),
                    failure);
        }
        if (closed) {
            throw new LogFailedException("The log is closed.");
        }
    }

    private LogFailedException failed(String action, IOException e) {
        LogFailedException failed = failure(action, e);
        failure = failed;
        return failed;
    }

    private LogFailedException failure(String action, IOException e) {
        return new LogFailedException(
                "Could not " + action + " in " + disk.location() + ": " + e.getMessage() + ". "
                        + Reserve.advice(disk, config),
                e);
    }
}

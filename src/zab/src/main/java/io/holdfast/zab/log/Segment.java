package io.holdfast.zab.log;

import io.holdfast.zab.core.LogRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The file that records are appended to. A process appends only to files that it created itself, so nothing of an
 * earlier crash is ever overwritten.
 *
 * <p>Zeros are written ahead of the records in steps: an fsync that need not grow the file takes half the time.
 */
final class Segment implements Closeable {

    static final String TEMPORARY = "segment.tmp";

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private final SegmentHeader header;
    private final DiskFile file;
    private final long start;
    private long end;
    private long filledTo;

    private Segment(SegmentHeader header, DiskFile file, long start) {
        this.header = header;
        this.file = file;
        this.start = start;
        this.end = start;
        this.filledTo = start;
    }

    /**
     * Creates a segment that begins with {@code tail}; it has its name only when all of it is durable
     * (protocol.md#p11).
     *
     * @param tail records from the header's first lsn on, which may be nowhere else but in a page cache
     */
    static Segment create(Disk disk, SegmentHeader header, List<Entry> tail, int growBytes) throws IOException {
        DiskFile file = disk.create(TEMPORARY);
        try {
            ByteBuffer head = header.encode();
            Segment segment = new Segment(header, file, head.remaining());
            file.write(0, head);
            RecordCodec codec = new RecordCodec(header.salt());
            for (Entry entry : tail) {
                ByteBuffer bytes = ByteBuffer.allocate(entry.bytes());
                LogRecord record = entry.record();
                codec.encode(bytes, record, entry.lsn(), header.firstLsn() - 1, entry.chainHash());
                segment.write(bytes.flip());
            }
            segment.fillTo(segment.end + growBytes);
            file.force();
            disk.rename(TEMPORARY, header.fileName());
            disk.sync();
            return segment;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    SegmentHeader header() {
        return header;
    }

    /** Returns where the next write goes. */
    long end() {
        return end;
    }

    boolean isEmpty() {
        return end == start;
    }

    /** Returns up to where the file's length is already there. */
    long filledTo() {
        return filledTo;
    }

    /** Writes zeros up to there. */
    void fillTo(long target) throws IOException {
        long from = Math.max(filledTo, end);
        while (from < target) {
            ByteBuffer zeros = ZEROS.duplicate();
            zeros.limit((int) Math.min(zeros.capacity(), target - from));
            int count = zeros.remaining();
            file.write(from, zeros);
            from += count;
        }
        filledTo = Math.max(filledTo, target);
    }

    void write(ByteBuffer batch) throws IOException {
        int count = batch.remaining();
        file.write(end, batch);
        end += count;
        filledTo = Math.max(filledTo, end);
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the records of one segment through a window that moves over the file. */
final class SegmentReader {

    private static final int WINDOW_BYTES = 256 << 10;
    private static final int SECTOR_BYTES = 512;

    /** A record's body above this was never written: a payload of the largest size and what surrounds it. */
    private static final int MAX_BODY_BYTES = Payload.MAX_BYTES + 1024;

    private final DiskFile file;
    private final long size;
    private final RecordCodec codec;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private long windowAt;

    SegmentReader(DiskFile file, SegmentHeader header) throws IOException {
        this.file = file;
        this.size = file.size();
        this.codec = new RecordCodec(header.salt());
    }

    /** A record whose header is whole, somewhere in the file. */
    record Found(long offset, RecordCodec.Header header) {}

    /** Returns the header at that offset; null when there is none that is whole. */
    RecordCodec.@Nullable Header header(long offset) throws IOException {
        if (!load(offset, RecordCodec.HEADER_BYTES)) {
            return null;
        }
        RecordCodec.Header header = codec.header(window, (int) (offset - windowAt));
        return header == null || header.length() < 0 || header.length() > MAX_BODY_BYTES ? null : header;
    }

    /** Returns the record at that offset; null when it is not whole or does not have that lsn. */
    @Nullable
    Entry entry(long offset, long lsn) throws IOException {
        RecordCodec.Header header = header(offset);
        if (header == null || header.lsn() != lsn || !load(offset, header.bytes())) {
            return null;
        }
        return codec.decode(window, (int) (offset - windowAt), header);
    }

    /** Returns the first record after {@code offset} whose header is whole; null when there is none. */
    @Nullable
    Found next(long offset) throws IOException {
        for (long at = offset + RecordCodec.ALIGNMENT; at + RecordCodec.HEADER_BYTES <= size; ) {
            if (!load(at, RecordCodec.HEADER_BYTES)) {
                return null;
            }
            int magic = window.getInt((int) (at - windowAt));
            RecordCodec.Header header = magic == RecordCodec.MAGIC ? header(at) : null;
            if (header != null) {
                return new Found(at, header);
            }
            at += RecordCodec.ALIGNMENT;
        }
        return null;
    }

    /** Returns whether anything but zeros lies at {@code offset} or after it. */
    boolean hasBytes(long offset) throws IOException {
        for (long at = offset; at < size; at++) {
            if (byteAt(at) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether a sector between two offsets still ends with the zeros that were there before it was written: the
     * trace of a write that did not arrive, which no flipped bit leaves.
     */
    boolean hasUnwrittenSector(long from, long to) throws IOException {
        for (long end = (from / SECTOR_BYTES + 1) * SECTOR_BYTES; end <= to; end += SECTOR_BYTES) {
            boolean zeros = true;
            for (long at = end - RecordCodec.ALIGNMENT; at < end && zeros; at++) {
                zeros = byteAt(at) == 0;
            }
            if (zeros) {
                return true;
            }
        }
        return false;
    }

    private byte byteAt(long offset) throws IOException {
        return load(offset, 1) ? window.get((int) (offset - windowAt)) : 0;
    }

    /** Makes sure that those bytes are in the window; false when the file ends before. */
    private boolean load(long offset, int length) throws IOException {
        if (offset >= windowAt && offset + length <= windowAt + window.limit()) {
            return true;
        }
        if (offset + length > size) {
            return false;
        }
        if (length > window.capacity()) {
            window = ByteBuffer.allocate(length + WINDOW_BYTES);
        }
        window.clear();
        windowAt = offset;
        file.read(offset, window);
        window.flip();
        return window.limit() >= length;
    }
}

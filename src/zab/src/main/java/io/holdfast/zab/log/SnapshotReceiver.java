package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import java.io.Closeable;
import java.io.IOException;

/** A snapshot that is coming from a leader. For one thread. */
public final class SnapshotReceiver implements Closeable {

    static final String TEMPORARY = "snapshot-received.tmp";

    private final SnapshotStore store;
    private final DiskFile file;
    private final Zxid expected;
    private long offset;
    private boolean closed;

    SnapshotReceiver(SnapshotStore store, DiskFile file, Zxid expected) {
        this.store = store;
        this.file = file;
        this.expected = expected;
    }

    /** Returns the zxid that the snapshot must have. */
    public Zxid at() {
        return expected;
    }

    /** Returns how many bytes are written. */
    public long bytes() {
        return offset;
    }

    /**
     * Writes the next piece.
     *
     * @throws SnapshotDamagedException {@code at} is not where the last piece ended
     * @throws NoRoomException the disk is full
     */
    public void receive(long at, Payload data) throws IOException {
        if (at != offset) {
            throw new SnapshotDamagedException(
                    "a piece of the snapshot at " + expected + " begins at offset " + at + " and not at " + offset);
        }
        store.write(file, offset, data.buffer());
        offset += data.length();
    }

    /**
     * Fsyncs, reads back and verifies all, then gives the file its name, durably (protocol.md#p5).
     *
     * @throws SnapshotDamagedException it is damaged, of another cluster or of another zxid; nothing of it is kept
     */
    public StoredSnapshot finish() throws IOException {
        file.force();
        closed = true;
        file.close();
        StoredSnapshot received = store.verified(TEMPORARY);
        if (!received.at().zxid().equals(expected)) {
            store.drop(TEMPORARY);
            throw new SnapshotDamagedException(
                    "the snapshot that was received is at " + received.at().zxid() + " and not at " + expected);
        }
        return store.adopt(TEMPORARY, received);
    }

    /** Drops everything when {@link #finish} was not called or failed. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
            store.drop(TEMPORARY);
        }
    }
}

package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import java.io.Closeable;
import java.io.IOException;

/** A snapshot that is coming from a leader. */
public interface SnapshotReceiver extends Closeable {

    /**
     * Writes the next piece.
     *
     * @throws SnapshotDamagedException {@code offset} is not where the last piece ended
     * @throws NoRoomException the disk is full
     */
    void receive(long offset, Payload data) throws IOException;

    /**
     * Fsyncs, reads back and verifies all, then gives the file its name, durably (P5).
     *
     * @throws SnapshotDamagedException it is damaged, of another cluster or of another zxid; nothing of it is kept
     */
    StoredSnapshot finish() throws IOException;

    /** Drops everything when {@link #finish} was not called or failed. */
    @Override
    void close() throws IOException;
}

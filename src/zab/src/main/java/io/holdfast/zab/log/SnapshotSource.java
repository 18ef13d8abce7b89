package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import java.io.Closeable;
import java.io.IOException;

/** The file of a snapshot as it is, for sending; stays readable also when the store drops the snapshot meanwhile. */
public interface SnapshotSource extends Closeable {

    /** Returns what the file says of itself. */
    StoredSnapshot snapshot();

    /** Returns the bytes from {@code offset}, at most 64 KiB; empty at the end of the file. */
    Payload read(long offset) throws IOException;

    @Override
    void close() throws IOException;
}

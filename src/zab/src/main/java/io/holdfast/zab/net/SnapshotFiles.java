package io.holdfast.zab.net;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import java.io.Closeable;
import java.io.IOException;

/** Where a link gets the bytes of a snapshot that it sends. Called on worker threads. */
public interface SnapshotFiles {

    /** Opens the file of the snapshot at that zxid. */
    SnapshotFile open(Zxid at) throws IOException;

    /** One open file, used by one thread at a time. */
    interface SnapshotFile extends Closeable {

        /** Returns the bytes from {@code offset}, at most 64 KiB; empty at the end of the file. */
        Payload read(long offset) throws IOException;
    }
}

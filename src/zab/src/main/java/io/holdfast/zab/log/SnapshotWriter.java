package io.holdfast.zab.log;

import java.io.IOException;
import java.io.OutputStream;

/** A snapshot that is being written: the application's bytes go in, {@link #finish} makes it count. */
public abstract class SnapshotWriter extends OutputStream {

    /**
     * Writes the rest, fsyncs, reads all back and verifies it, and only then gives the file its name, durably.
     *
     * @param stateDigest digest of the state that was written
     */
    public abstract StoredSnapshot finish(long stateDigest) throws IOException;

    /** Drops everything when {@link #finish} was not called or failed. */
    @Override
    public abstract void close() throws IOException;
}

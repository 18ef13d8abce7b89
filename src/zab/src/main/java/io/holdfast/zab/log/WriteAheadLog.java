package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import java.io.Closeable;
import java.io.IOException;

/** The one write-ahead log of a member. All methods but {@link #open} are called by one thread, the log thread. */
public interface WriteAheadLog extends Closeable {

    /**
     * Opens a directory: locks it, formats it when it is empty, reads it otherwise. When this returns, all that it
     * returns is durable (P1), also what a crash had left only in the page cache.
     *
     * @param initial configuration of a new ensemble; used by formatting only, later the directory's own counts
     * @param forFormat a random number, used by formatting only
     * @throws DirectoryRefusedException in use, or of another cluster or server
     * @throws LogCorruptException damaged; nothing was cut
     * @throws IOException the disk failed
     */
    static Opened open(Disk disk, LogConfig config, LogIdentity identity, Configuration initial, DiskId forFormat)
            throws IOException {
        if (disk.lock()) {
            disk.close();
        }
        throw new IOException("the log arrives with a later commit");
    }

    /**
     * Takes a record into the batch; written at the latest by {@link #sync}. Writes earlier only when the batch is full
     * or the segment ends.
     *
     * @throws IllegalArgumentException the record does not follow from the history; nothing was taken
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    void append(LogRecord record) throws LogFailedException;

    /**
     * Makes all records given to {@link #append} durable: one write and one fsync, however many there are.
     *
     * @return how many records were appended since {@link #open}: all of them are durable now
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    long sync() throws LogFailedException;

    /**
     * Deletes whole segments and snapshots that lie behind the older of the two newest snapshots (P10). Called after
     * the {@link #sync} of a {@link LogRecord.Snapshot}.
     *
     * @throws LogFailedException the disk failed, now or before; stop the process
     */
    void retire() throws LogFailedException;

    /** Makes all durable, leaves the mark of a clean stop and closes the files; the disk stays open. */
    @Override
    void close() throws LogFailedException;
}

package io.holdfast.zab.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of a {@link Disk}, read and written by position. */
public interface DiskFile extends Closeable {

    /** Returns the length in bytes. */
    long size() throws IOException;

    /**
     * Reads from {@code position} until the buffer is full or the file ends.
     *
     * @return how many bytes were read; 0 at or after the end
     */
    int read(long position, ByteBuffer into) throws IOException;

    /** Writes all that remains in the buffer; the file grows as needed. */
    void write(long position, ByteBuffer from) throws IOException;

    /** Makes every earlier write and the length durable. After an error nothing is known of them: never try again. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}

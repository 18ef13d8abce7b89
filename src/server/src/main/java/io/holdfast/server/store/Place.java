package io.holdfast.server.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One name under which a backup is, or will be, kept. What cannot be done is an {@link IOException} whose message says
 * why. For one thread; blocks.
 */
public interface Place extends Closeable {

    /** Returns where that is, for people: a path, or a URL. */
    String location();

    /**
     * Stores a file; it has the name only when all of it is there.
     *
     * @return false when something has the name already, which stays as it is
     */
    boolean put(Path file) throws IOException;

    /**
     * Copies what is there, from beginning to end.
     *
     * @return false when nothing is there
     */
    boolean copyTo(OutputStream out) throws IOException;

    /**
     * Reads the beginning of what is there.
     *
     * @return as many bytes, or all there are; null when nothing is there
     */
    byte @Nullable [] head(int bytes) throws IOException;

    /** Deletes what is there, if anything is. */
    void delete() throws IOException;

    @Override
    default void close() {}
}

package io.holdfast.zab.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.SortedSet;

/**
 * One directory of files, as little of it as the log needs, so that a simulated disk can lie beneath the unchanged log.
 *
 * <p>A change of the directory (create, rename, delete) survives a power cut only after {@link #sync}; the bytes of a
 * file only after {@link DiskFile#force}. Safe for use by several threads, as long as each file is written by one.
 */
public interface Disk extends Closeable {

    /** Returns where this is, for messages to an operator. */
    String location();

    /**
     * Takes the directory for this process until {@link #close}.
     *
     * @return false when another process, or another user in this one, has it
     */
    boolean lock() throws IOException;

    /** Returns the names of all plain files. */
    SortedSet<String> list() throws IOException;

    /** Creates an empty file and opens it; fails when the name is taken. */
    DiskFile create(String name) throws IOException;

    /** Opens a file that exists. */
    DiskFile open(String name) throws IOException;

    /** Gives a file another name, in one step that replaces whatever had it. */
    void rename(String from, String to) throws IOException;

    /** Removes a file; who has it open may go on reading. */
    void delete(String name) throws IOException;

    /** Makes all earlier creations, renames and deletions durable. */
    void sync() throws IOException;

    /** Returns how many bytes may still be written. */
    long usableSpace() throws IOException;

    /** Gives the directory back. Files that are open are closed by whoever opened them. */
    @Override
    void close() throws IOException;
}

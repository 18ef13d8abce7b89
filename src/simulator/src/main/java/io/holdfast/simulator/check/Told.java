package io.holdfast.simulator.check;

import io.holdfast.lock.Change;
import io.holdfast.simulator.book.Standing;
import java.util.List;

/** What a stream tells its reader: afterwards the reader has all up to the revision. */
public sealed interface Told {

    /** Returns up to where the reader has everything now: from there it goes on, wherever that is. */
    long revision();

    /** What a transaction changed. */
    record Changed(long revision, List<Change> changes) implements Told {}

    /**
     * What came after {@code since} is not known there any more; this is the state.
     *
     * @param since what the reader had
     * @param floor from where on that server knows everything
     */
    record Reset(long since, long floor, long revision, List<Standing> state) implements Told {}

    /** Nothing else was changed up to here. */
    record Bookmark(long revision) implements Told {}
}

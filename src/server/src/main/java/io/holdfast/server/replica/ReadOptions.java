package io.holdfast.server.replica;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a read must be.
 *
 * @param consistency whether a quorum is asked first
 * @param minRevision the node waits until it has applied this; null for none
 * @param maxStale a local read by a node that heard its leader longer ago becomes a linearizable one; null for no bound
 */
public record ReadOptions(
        Consistency consistency,
        @Nullable Revision minRevision,
        @Nullable Duration maxStale) {

    /** What a read may miss. */
    public enum Consistency {
        /** Nothing that was answered to anybody before this read began. */
        LINEARIZABLE,
        /** Whatever this node has not applied yet. */
        LOCAL
    }

    /** The default of the API. */
    public static final ReadOptions LINEARIZABLE = new ReadOptions(Consistency.LINEARIZABLE, null, null);

    /** This node's state as it is. */
    public static final ReadOptions LOCAL = new ReadOptions(Consistency.LOCAL, null, null);

    /** A local read that waits for {@code revision} too; a linearizable one has it, if it was ever committed. */
    ReadOptions atLeastIfLocal(Revision revision) {
        boolean has = minRevision != null && minRevision.compareTo(revision) >= 0;
        return has || consistency == Consistency.LINEARIZABLE ? this : new ReadOptions(consistency, revision, maxStale);
    }
}

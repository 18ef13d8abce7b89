package io.holdfast.zab.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows after it has read its disk: all that the protocol core starts from.
 *
 * @param diskId identity of the data directory
 * @param acceptedEpoch highest epoch promised, 0 when none
 * @param acceptedLeader to whom it was promised; null when {@code acceptedEpoch} is 0
 * @param currentEpoch epoch whose history was adopted last, 0 when none
 * @param snapshot the newest usable snapshot, from which the state is restored; {@link Position#START} without one
 * @param configuration committed configuration as of {@code snapshot}
 * @param start where {@code txns} begin; not after {@code snapshot}
 * @param txns the history after {@code start}, contiguous; what lies after {@code snapshot} is not known to be
 *     committed
 */
public record Recovered(
        DiskId diskId,
        long acceptedEpoch,
        @Nullable ServerId acceptedLeader,
        long currentEpoch,
        Position snapshot,
        Configuration configuration,
        Position start,
        List<Txn> txns) {

    /** Copies the list. */
    public Recovered {
        txns = List.copyOf(txns);
    }
}

package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.RequestFailure;
import org.jspecify.annotations.Nullable;

/** How a question of a client ends at the server where it came in; none of both when that server dies. */
interface Reply {

    /** The table of {@code at} now shows the answer; {@code applied} is null for reads and keepalives. */
    void answered(ServerProcess at, @Nullable Applied applied);

    /** There is none; what was asked for may have happened. */
    void failed();

    /** As {@link #failed()}, with the reason. */
    default void failed(RequestFailure reason) {
        failed();
    }
}

package io.holdfast.zab.node;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.log.Disk;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.function.Function;

/**
 * What a node is put together from.
 *
 * @param config what it was told
 * @param factory makes states
 * @param listener hears the node
 * @param metrics receives measurements
 * @param disk opens the data directory
 * @param addresses where a member is dialed
 */
record NodeParts<S extends StateMachine>(
        NodeConfig config,
        StateMachineFactory<S> factory,
        NodeListener<S> listener,
        NodeMetrics metrics,
        DiskSource disk,
        Function<Member, SocketAddress> addresses) {

    /** Opens the data directory; blocks. */
    interface DiskSource {
        Disk open() throws IOException;
    }
}

package io.holdfast.zab.net;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.ServerId;
import io.vertx.core.net.SocketAddress;
import java.util.function.Function;

/**
 * Who this server is to its peers, and the bounds on what waits for them.
 *
 * @param clusterId name of the ensemble
 * @param self this server
 * @param diskId identity of its data directory
 * @param incarnation a number drawn when the process started
 * @param listenHost address of the peer port's interface
 * @param listenPort the peer port, 0 for any free one
 * @param laneFramesMax messages that may wait for one replication link
 * @param laneBytesMax bytes that may wait for one replication link
 * @param protocolMax newest version of the messages that this server speaks
 * @param addresses where a member is dialed; asked at every dial
 * @param tls how connections are secured
 */
public record NetConfig(
        String clusterId,
        ServerId self,
        DiskId diskId,
        long incarnation,
        String listenHost,
        int listenPort,
        int laneFramesMax,
        long laneBytesMax,
        int protocolMax,
        Function<Member, SocketAddress> addresses,
        PeerTls tls) {}

package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.net.PeerTls;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one node must be told; a validated value. Made with {@link #of} and the {@code with} methods, so that new
 * settings break nobody.
 *
 * @param clusterId name of the ensemble, the same at all members for ever; 1 to 64 of {@code [A-Za-z0-9._-]}
 * @param self this node's number
 * @param dataDirectory where its log and snapshots are; made when missing, used by one process at a time
 * @param bootstrap the configuration that a new ensemble starts from; of no effect once the data directory has one
 * @param listenHost address of the peer port's interface
 * @param listenPort the peer port; 0 for any free one, see {@link ZabNode#peerPort}
 * @param zab times and bounds of the protocol
 * @param log sizes of the log
 * @param inboxMax requests, reads and touches handed over by other threads and not yet seen by the core
 * @param laneFramesMax messages that may wait for one replication link before it is ended
 * @param laneBytesMax bytes of payload that may wait for one replication link before it is ended
 * @param join members of a running ensemble that this node asks for its configuration, in place of {@code bootstrap},
 *     when the data directory is new; empty for a member of a new ensemble
 * @param mayFound whether a new data directory may begin with {@code bootstrap}; without it and without {@code join} a
 *     node with a new directory does not start, so that a forgotten setting never makes an ensemble beside another
 * @param generation of the ensemble, which was founded before: this node founds none and joins no other one; 0 when it
 *     is not known
 * @param tls how connections with other members are secured
 */
public record NodeConfig(
        String clusterId,
        ServerId self,
        Path dataDirectory,
        Configuration bootstrap,
        String listenHost,
        int listenPort,
        ZabConfig zab,
        LogConfig log,
        int inboxMax,
        int laneFramesMax,
        long laneBytesMax,
        List<Seed> join,
        boolean mayFound,
        long generation,
        PeerTls tls) {

    private static final int CLUSTER_ID_MAX = 64;

    /**
     * Where some member listens for the others.
     *
     * @param host name or address
     * @param port of its peer port, 1 to 65535
     */
    public record Seed(String host, int port) {

        /** Checks the bounds. */
        public Seed {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("'" + host + ":" + port + "' is no address of a peer port");
            }
        }
    }

    /** Checks each value. */
    public NodeConfig {
        if (!clusterId.matches("[A-Za-z0-9._-]{1," + CLUSTER_ID_MAX + "}")) {
            throw new IllegalArgumentException(
                    "cluster id must be 1 to 64 of A-Z a-z 0-9 . _ -, not '" + clusterId + "'");
        }
        if (listenPort < 0 || listenPort > 65_535) {
            throw new IllegalArgumentException("peer port must be 0 to 65535, not " + listenPort);
        }
        join = List.copyOf(join);
        atLeast("inbox-max", inboxMax, 1);
        atLeast("lane-frames-max", laneFramesMax, 1_000);
        atLeast("lane-bytes-max", laneBytesMax, 4L << 20);
    }

    /** Returns a configuration with the defaults for all that is not given. */
    public static NodeConfig of(
            String clusterId,
            ServerId self,
            Path dataDirectory,
            Configuration bootstrap,
            String listenHost,
            int listenPort) {
        return new NodeConfig(
                clusterId,
                self,
                dataDirectory,
                bootstrap,
                listenHost,
                listenPort,
                ZabConfig.DEFAULTS,
                LogConfig.DEFAULTS,
                20_000,
                250_000,
                32L << 20,
                List.of(),
                true,
                0,
                PeerTls.off());
    }

    /** Returns a copy for a node that is to be taken into the ensemble of these members (decision 0018). */
    public NodeConfig joining(List<Seed> members) {
        return with(copy -> copy.join = members);
    }

    /** Returns a copy for a node that only goes on with the log that its data directory has. */
    public NodeConfig withoutFounding() {
        return with(copy -> copy.mayFound = false);
    }

    /** Returns a copy for a node of an ensemble of that generation, which exists already: it founds none. */
    public NodeConfig ofGeneration(long known) {
        return with(copy -> {
            copy.generation = known;
            copy.mayFound = false;
        });
    }

    /** Returns a copy for a node that secures its connections with other members. */
    public NodeConfig withTls(PeerTls other) {
        return with(copy -> copy.tls = other);
    }

    /** Returns a copy with other times and bounds of the protocol. */
    public NodeConfig withZab(ZabConfig other) {
        return with(copy -> copy.zab = other);
    }

    /** Returns a copy with other sizes of the log. */
    public NodeConfig withLog(LogConfig other) {
        return with(copy -> copy.log = other);
    }

    /** Returns a copy with other bounds on what waits in memory. */
    public NodeConfig withBounds(int inbox, int laneFrames, long laneBytes) {
        return with(copy -> {
            copy.inboxMax = inbox;
            copy.laneFramesMax = laneFrames;
            copy.laneBytesMax = laneBytes;
        });
    }

    private NodeConfig with(Consumer<Copy> change) {
        Copy copy = new Copy();
        change.accept(copy);
        return new NodeConfig(
                clusterId,
                self,
                dataDirectory,
                bootstrap,
                listenHost,
                listenPort,
                copy.zab,
                copy.log,
                copy.inboxMax,
                copy.laneFramesMax,
                copy.laneBytesMax,
                copy.join,
                copy.mayFound,
                copy.generation,
                copy.tls);
    }

    /** A copy in the making: the values that a {@code with} method may change. */
    private final class Copy {
        private ZabConfig zab = NodeConfig.this.zab;
        private LogConfig log = NodeConfig.this.log;
        private int inboxMax = NodeConfig.this.inboxMax;
        private int laneFramesMax = NodeConfig.this.laneFramesMax;
        private long laneBytesMax = NodeConfig.this.laneBytesMax;
        private List<Seed> join = NodeConfig.this.join;
        private boolean mayFound = NodeConfig.this.mayFound;
        private long generation = NodeConfig.this.generation;
        private PeerTls tls = NodeConfig.this.tls;
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + " but must not be below " + least);
        }
    }
}

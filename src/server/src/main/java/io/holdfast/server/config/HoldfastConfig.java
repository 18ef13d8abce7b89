package io.holdfast.server.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * The settings of one Holdfast node. {@code docs/configuration.md} is generated from this interface: its Javadoc is
 * what operators read.
 */
@ConfigMapping(prefix = "holdfast")
public interface HoldfastConfig {

    /** Number of this node, unique in its ensemble for ever; never reused for another node. */
    @WithDefault("1")
    @Min(1)
    @Max(65_535)
    int nodeId();

    /** Name of the ensemble, the same at all its members for ever. A node refuses peers and data of another one. */
    @WithDefault("holdfast")
    @Pattern(regexp = "[A-Za-z0-9._-]{1,64}", message = "must be 1 to 64 of A-Z a-z 0-9 . _ -")
    String clusterId();

    /**
     * Directory of the log and the snapshots. Created when missing; used by one process at a time. Put it on a durable
     * disk.
     */
    @WithDefault("data")
    Path dataDir();

    /**
     * The members of a new ensemble, as {@code id@host:port}, with {@code :observer} after members without a vote:
     * {@code 1@10.0.0.1:7101,2@10.0.0.2:7101,3@10.0.0.3:7101}. Use the same list on all of them; all voters must be up
     * to found the ensemble. A node with a new data directory needs this, {@code holdfast.join} or
     * {@code holdfast.single-node}; without any of them it does not start. Once the data directory has a committed
     * configuration, that configuration counts.
     */
    Optional<List<String>> members();

    /**
     * Addresses of any members of a running ensemble, as {@code host:port}, in place of {@code holdfast.members}: a
     * node with a new data directory asks them for the configuration. It waits until an operator has added its id as an
     * observer, with the address of its peer port. No effect once the data directory has a log.
     */
    Optional<List<String>> join();

    /**
     * Whether this node, with a new data directory, founds an ensemble of which it is the only member. For development
     * and tests; other nodes can be added later if its peer port can be reached.
     */
    @WithDefault("false")
    boolean singleNode();

    /**
     * Generation of the ensemble, as {@code GET /v1/cluster} shows it since it was founded or restored. With it this
     * node founds no ensemble, whatever {@code holdfast.members} says: with a new data directory it asks those members
     * as {@code holdfast.join} does. It joins no ensemble of another generation, and if its data directory is of
     * another one it is not ready and rejects the requests of clients. Default: any generation.
     */
    Optional<@Min(1) Long> generation();

    /**
     * Whether this node may listen on addresses other than loopback although it is not secured, which it logs at each
     * start. It is secured when {@code holdfast.tls.mode} and {@code holdfast.peer.tls.mode} are {@code required} and
     * clients have a way to prove an identity. Without it such a node ends with exit code 64. The default of
     * {@code quarkus.http.host} is {@code 127.0.0.1}, and {@code 0.0.0.0} when this is true or
     * {@code holdfast.tls.mode} is set.
     */
    @WithDefault("false")
    boolean insecure();

    /** The port on which members talk to each other. */
    Peer peer();

    /** TLS of this node. */
    TlsConfig tls();

    /** The side of clients, beneath the API. */
    HttpConfig http();

    /** A port for probes and monitoring. */
    ManagementConfig management();

    /** The identity and the rights of clients. */
    AuthConfig auth();

    /** Records of requests. */
    AuditConfig audit();

    /** Leases. */
    Session session();

    /** Bounds on what clients may ask of this node; work above a bound is rejected as {@code overloaded}. */
    Limits limits();

    /** Streams of committed changes. */
    Events events();

    /** Backups that this node sends. */
    Backup backup();

    /** Members of the ensemble. */
    Membership membership();

    /** Times and bounds of the replication protocol. The defaults suit one data center. */
    Zab zab();

    /** Sizes of the log. */
    Log log();

    /** Where this node listens for other members. */
    interface Peer {

        /**
         * Address to listen on; {@code 0.0.0.0} and {@code ::} are every interface, of IPv4 and of IPv6. Default: the
         * address of this node in {@code holdfast.members}, every interface if it has a name there or if
         * {@code holdfast.join} names other machines, else the loopback address.
         */
        Optional<@Size(min = 1, max = 253) String> host();

        /**
         * Port to listen on. Default: the port of this node in {@code holdfast.members}, else 7101. 0 takes any free
         * port, for an ensemble of one.
         */
        Optional<@Min(0) @Max(65_535) Integer> port();

        /**
         * Newest version of the peer protocol that this node speaks; it also speaks the earlier ones. Set it to the
         * version of the previous release while a downgrade must stay possible: once all members speak a version the
         * ensemble raises its level to it, and from then on a node that speaks only older versions is rejected. Level 2
         * distinguishes a wiped disk from the original one; level 3 has the rules and quotas of the lock table that
         * this page and docs/api.md describe, and lock names with {@code ~XX}.
         */
        @WithDefault("3")
        @Min(1)
        @Max(3)
        int protocolMax();

        /** TLS between members. */
        PeerTlsConfig tls();
    }

    /** Members of the ensemble. */
    interface Membership {

        /**
         * Whether a voter that returned with another disk, empty or older, votes again automatically once it has
         * everything that is committed. A majority of the disks that the ensemble knows decides that. If false, an
         * operator has to make it a voter again.
         */
        @WithDefault("true")
        boolean readmit();
    }

    /** How long a session lives without a keepalive. */
    interface Session {

        /** Shortest ttl; a request for less gets this. */
        @WithDefault("2s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlMin();

        /** Ttl of a session that requests none. */
        @WithDefault("10s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlDefault();

        /** Longest ttl; a request for more gets this. */
        @WithDefault("60s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlMax();

        /** Interval of the leader's check for expired leases and waits. An expiry is at most this much late. */
        @WithDefault("100ms")
        @DurationMin(millis = 10)
        @DurationMax(seconds = 1)
        Duration tick();

        /** How long keepalives are collected before they are sent to the leader together. */
        @WithDefault("2ms")
        @DurationMin(millis = 1)
        @DurationMax(millis = 100)
        Duration keepaliveBatch();
    }

    /** Bounds on the work of clients. */
    interface Limits {

        /** Requests held at this node until their ticket is granted. */
        @WithDefault("20000")
        @Min(1)
        @Max(1_000_000)
        int polls();

        /**
         * Requests that connections from one address may have in progress at this node, held requests and streams
         * included. Behind a proxy all clients have its address.
         */
        @WithDefault("5000")
        @Min(1)
        @Max(1_000_000)
        int requestsPerAddress();

        /**
         * Bytes of heap for sessions, grants, names, metadata and the memory of ended ones, as the lock table counts
         * them; a request above that is rejected as {@code quota-exceeded}. At most a quarter of it is used for the
         * memory of ended sessions and grants. The value of the leader applies to all nodes: use the same on all. At
         * least 1M. When it starts, a node compares twice this value, and its other bounds, with its heap.
         */
        @WithDefault("64M")
        MemorySize stateBytes();

        /** Longest time that one request is held, whatever it asks for; a request cannot ask for more than 55s. */
        @WithDefault("55s")
        @DurationMin(seconds = 1)
        @DurationMax(seconds = 55)
        Duration pollMax();

        /** Longest time that a ticket may wait in a queue. */
        @WithDefault("24h")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration waitMax();

        /**
         * Longest time that a ticket for several locks may wait: until it is granted it keeps other tickets from those
         * of its locks that are free.
         */
        @WithDefault("10m")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration setWaitMax();

        /** How long a read waits for {@code minRevision} before it is rejected as {@code not-ready}. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 55)
        Duration revisionWait();

        /**
         * How long a request for a vote waits until the member is in step with the leader, before it is rejected as
         * {@code not-synced}.
         */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 5)
        Duration inStepWait();
    }

    /** Streams of committed changes: history that is kept for readers, and bounds for each reader. */
    interface Events {

        /**
         * Committed transactions kept in memory for readers that resume. A reader that asks for an earlier one gets the
         * current state first.
         */
        @WithDefault("50000")
        @Min(1)
        @Max(10_000_000)
        int historyTxns();

        /** Approximate bytes above which fewer than {@code history-txns} are kept. */
        @WithDefault("16M")
        MemorySize historyBytes();

        /** Streams and batches of events at this node, attached sessions included. */
        @WithDefault("5000")
        @Min(1)
        @Max(1_000_000)
        int streamsMax();

        /**
         * Streams, out of {@code streams-max}, that connections from one address may have. Behind a proxy all clients
         * have its address.
         */
        @WithDefault("2000")
        @Min(1)
        @Max(1_000_000)
        int streamsPerAddress();

        /** Bytes that may wait for one reader; above that the node sends nothing more until the reader has read. */
        @WithDefault("64K")
        MemorySize readerBuffer();

        /** How long a reader may read nothing while messages wait for it before it is disconnected. */
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 10)
        Duration stall();

        /** How long a stream may be quiet before the node sends a bookmark. */
        @WithDefault("8s")
        @DurationMin(millis = 100)
        @DurationMax(millis = 9_500)
        Duration bookmark();

        /** Readers that are sent the current state at the same time; others wait for their turn. */
        @WithDefault("8")
        @Min(1)
        @Max(1_000)
        int repairsMax();
    }

    /** Bounds on backups: the file is kept on the disk until its reader has it. */
    interface Backup {

        /** Backups that are sent at the same time. */
        @WithDefault("2")
        @Min(1)
        @Max(100)
        int streamsMax();

        /** How long a reader may read nothing before its backup is aborted. */
        @WithDefault("30s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 10)
        Duration stall();

        /** How long sending one backup may take before it is aborted. */
        @WithDefault("1h")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration timeMax();
    }

    /** Times and bounds of the replication protocol. */
    interface Zab {

        /** How often voters send each other a sign of life. */
        @WithDefault("100ms")
        @DurationMin(millis = 5)
        @DurationMax(seconds = 10)
        Duration hello();

        /** How long a voter counts as reachable after its last hello; at least twice {@code hello}. */
        @WithDefault("300ms")
        @DurationMin(millis = 10)
        @DurationMax(seconds = 60)
        Duration reach();

        /** How often a leader pings its learners. Keepalives and linearizable reads of that time share one round. */
        @WithDefault("100ms")
        @DurationMin(millis = 5)
        @DurationMax(seconds = 10)
        Duration heartbeat();

        /**
         * Silence after which a learner leaves its leader, and a leader without a quorum of answers steps down; at
         * least three times {@code heartbeat}. A lower value detects a dead leader sooner and takes a slow one for dead
         * more often.
         */
        @WithDefault("1s")
        @DurationMin(millis = 15)
        @DurationMax(seconds = 60)
        Duration syncLimit();

        /** How long discovery and synchronization may take without progress; at least {@code sync-limit}. */
        @WithDefault("10s")
        @DurationMin(millis = 15)
        @DurationMax(minutes = 10)
        Duration initLimit();

        /** How long a voter waits for a better vote once its own has a quorum; about twice the slowest round trip. */
        @WithDefault("20ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 10)
        Duration finalizeWait();

        /** First pause before a vote is sent again; it doubles up to {@code resend-max}. */
        @WithDefault("100ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 60)
        Duration resendMin();

        /** Longest pause before a vote is sent again. */
        @WithDefault("1s")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 60)
        Duration resendMax();

        /** A log write that takes longer makes a leader step down, because another member's disk may be faster. */
        @WithDefault("1s")
        @DurationMin(millis = 10)
        @DurationMax(seconds = 60)
        Duration fsyncStall();

        /** How long a request waits for a leader before it fails as {@code no-leader}. */
        @WithDefault("2s")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 60)
        Duration leaderWait();

        /** How long a request may take before it fails as {@code outcome-unknown}; at least {@code leader-wait}. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 60)
        Duration request();

        /**
         * Requests, reads and keepalive batches of this node's clients that may wait, for each of the three kinds. The
         * bytes of waiting requests, and of waiting batches, are also bounded, by four times
         * {@code outstanding-bytes-max} each.
         */
        @WithDefault("20000")
        @Min(1)
        @Max(1_000_000)
        int requestsMax();

        /** Proposals of a leader that may be uncommitted. */
        @WithDefault("10000")
        @Min(1)
        @Max(1_000_000)
        int outstandingTxnsMax();

        /** Bytes of proposals that may be uncommitted. */
        @WithDefault("16M")
        MemorySize outstandingBytesMax();

        /** Committed transactions kept in memory for members that lag. A member that lags more gets a snapshot. */
        @WithDefault("100000")
        @Min(1)
        @Max(10_000_000)
        int windowTxns();

        /** Bytes above which fewer than {@code window-txns} are kept. */
        @WithDefault("32M")
        MemorySize windowBytesMax();

        /**
         * Transactions after which a snapshot is due. Each node uses a fixed value between half of this and all of it,
         * so that the nodes do not make snapshots together. A large state is not due before the transactions have a
         * quarter of its bytes. While a snapshot is written, at most four times as much is applied, counted from the
         * snapshot before.
         */
        @WithDefault("100000")
        @Min(100)
        @Max(10_000_000)
        int snapshotTxns();

        /**
         * Bytes of transactions after which a snapshot is due, or a quarter of the bytes of the state if that is more.
         * Otherwise like {@code snapshot-txns}.
         */
        @WithDefault("64M")
        MemorySize snapshotBytes();

        /**
         * Observers that a leader feeds itself. Further ones are fed by its followers, so that many observers do not
         * multiply what a leader sends; they are one hop further away.
         */
        @WithDefault("2")
        @Min(0)
        @Max(64)
        int directObservers();

        /** Messages that may wait for one member before its link is closed and it synchronizes again. */
        @WithDefault("250000")
        @Min(1_000)
        @Max(10_000_000)
        int laneFramesMax();

        /** Bytes that may wait for one member before its link is closed and it synchronizes again. */
        @WithDefault("32M")
        MemorySize laneBytesMax();
    }

    /** Sizes of the log. */
    interface Log {

        /** Length at which the next segment begins. */
        @WithDefault("64M")
        MemorySize segmentSize();

        /** Bytes of records that are collected in memory before they are written. */
        @WithDefault("2M")
        MemorySize batchSize();

        /** Zeros that are written ahead of the records of a segment, so that an fsync rarely grows the file. */
        @WithDefault("512K")
        MemorySize growSize();
    }
}

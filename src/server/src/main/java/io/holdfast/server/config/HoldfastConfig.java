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

    /** Number of this node, unique in its ensemble for ever; never reused for another disk. */
    @WithDefault("1")
    @Min(1)
    @Max(65_535)
    int nodeId();

    /** Name of the ensemble, the same at all its members for ever. A node refuses peers and data of another one. */
    @WithDefault("holdfast")
    @Pattern(regexp = "[A-Za-z0-9._-]{1,64}", message = "must be 1 to 64 of A-Z a-z 0-9 . _ -")
    String clusterId();

    /**
     * Where the log and the snapshots are. Made when missing; used by one process at a time. Back it with a durable
     * disk.
     */
    @WithDefault("data")
    Path dataDir();

    /**
     * The ensemble that a new data directory starts from, as {@code id@host:port} with {@code :observer} behind those
     * that have no vote: {@code 1@10.0.0.1:7101,2@10.0.0.2:7101,3@10.0.0.3:7101}. The same at all members. A node with
     * a new data directory has this, or {@code holdfast.join}, or {@code holdfast.single-node}; without any of them it
     * does not start. Once the data directory has a committed configuration, that one counts.
     */
    Optional<List<String>> members();

    /**
     * Addresses of any members of a running ensemble, as {@code host:port}, in place of {@code holdfast.members}: a
     * node with a new data directory asks them for the configuration. It waits until an operator has added its id as an
     * observer, with the address of its peer port. Without effect once the data directory has a log.
     */
    Optional<List<String>> join();

    /**
     * Whether this node, with a new data directory, founds an ensemble of which it is the only member. For development
     * and tests; other nodes can be added later if its peer port can be reached.
     */
    @WithDefault("false")
    boolean singleNode();

    /** The port on which members talk to each other. */
    Peer peer();

    /** Bounds on connections and requests beneath the API. */
    Http http();

    /** Leases. */
    Session session();

    /** Bounds on what clients may ask of this node; work above a bound is refused as {@code overloaded}. */
    Limits limits();

    /** Streams of committed changes. */
    Events events();

    /** Backups that this node sends. */
    Backup backup();

    /** Who belongs to the ensemble. */
    Membership membership();

    /** Times and bounds of the replication protocol. The defaults suit one data center. */
    Zab zab();

    /** Sizes of the log. */
    Log log();

    /** Where this node listens for other members. */
    interface Peer {

        /**
         * Address to listen on. Default: the address of this node in {@code holdfast.members}, every interface if it
         * has a name there or {@code holdfast.join} is set, else the loopback address.
         */
        Optional<@Size(min = 1, max = 253) String> host();

        /**
         * Port to listen on. Default: the port of this node in {@code holdfast.members}, else 7101. 0 takes any free
         * port, for an ensemble of one.
         */
        Optional<@Min(0) @Max(65_535) Integer> port();

        /**
         * Newest version of the peer protocol that this node speaks; it speaks those before too. Hold it at the version
         * of the release before while this release may have to be taken back: once all members speak a version the
         * ensemble raises its level to it, and from then on a node that speaks less is refused. Level 2 is what tells a
         * wiped disk from the one that was there; level 3 has the rules and quotas of the lock table that this page and
         * the API's describe, and names with {@code ~XX}.
         */
        @WithDefault("3")
        @Min(1)
        @Max(3)
        int protocolMax();
    }

    /** What clients may cost before the API sees a request. The port itself is {@code quarkus.http.port}. */
    interface Http {

        /**
         * Connections of clients that may be open. Accepting also pauses while the process has no more than 32 file
         * descriptors left. Who comes then waits; idle connections are ended to make room.
         */
        @WithDefault("20000")
        @Min(16)
        @Max(1_000_000)
        int connectionsMax();

        /**
         * How long a request may take from its first byte until its head and body are complete, and a new connection
         * until its first request.
         */
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 2)
        Duration requestTime();

        /** Bytes of all bodies that are being read, or whose request is not answered; one address may have half. */
        @WithDefault("16M")
        MemorySize bodiesMax();

        /** Requests that take longer are logged, unless they asked to be held, or are streams. */
        @WithDefault("1s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        Duration slow();

        /** Whether every request is logged, in the category {@code io.holdfast.access}. */
        @WithDefault("false")
        boolean accessLog();
    }

    /** Who belongs to the ensemble. */
    interface Membership {

        /**
         * Whether a voter that came back with another disk, empty or older, votes again by itself once it has
         * everything that is committed. Only the disks that the ensemble knows decide that, by their majority. If
         * false, somebody has to ask for the voter.
         */
        @WithDefault("true")
        boolean readmit();
    }

    /** How long a session lives without keepalive. */
    interface Session {

        /** The shortest ttl given; a request for less gets this. */
        @WithDefault("2s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlMin();

        /** The ttl of a session that asks for none. */
        @WithDefault("10s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlDefault();

        /** The longest ttl given; a request for more gets this. */
        @WithDefault("60s")
        @DurationMin(millis = 500)
        @DurationMax(hours = 1)
        Duration ttlMax();

        /**
         * How often the leader looks for leases and waits that are over. Nothing expires early, all at most this much
         * late.
         */
        @WithDefault("100ms")
        @DurationMin(millis = 10)
        @DurationMax(seconds = 1)
        Duration tick();

        /** How long keepalives are gathered before they travel to the leader together. */
        @WithDefault("2ms")
        @DurationMin(millis = 1)
        @DurationMax(millis = 100)
        Duration keepaliveBatch();
    }

    /** Bounds on clients' work. */
    interface Limits {

        /** Requests held at this node until their ticket is granted. */
        @WithDefault("20000")
        @Min(1)
        @Max(1_000_000)
        int polls();

        /**
         * Requests that connections from one address may have under way at this node, held ones and streams included.
         * Behind a proxy all clients have its address.
         */
        @WithDefault("5000")
        @Min(1)
        @Max(1_000_000)
        int requestsPerAddress();

        /**
         * Bytes of heap that sessions, grants, names, metadata and what is remembered of ended ones may take, as the
         * lock table counts them; what would pass that is refused as {@code quota-exceeded}. The value of the leader
         * counts, for all nodes: give all the same. At least 1M. At its start a node compares twice that, and its other
         * bounds, with its heap.
         */
        @WithDefault("64M")
        MemorySize stateBytes();

        /** The longest that one request is held, whatever it asks for; a request cannot ask for more than 55s. */
        @WithDefault("55s")
        @DurationMin(seconds = 1)
        @DurationMax(seconds = 55)
        Duration pollMax();

        /** The longest that a ticket may stand in line. */
        @WithDefault("24h")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration waitMax();

        /**
         * The longest that a ticket for several locks may stand in line: until it is granted it keeps those of its
         * locks that are free from others.
         */
        @WithDefault("10m")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration setWaitMax();

        /** How long a read waits for {@code minRevision} before it is refused as {@code not-ready}. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 55)
        Duration revisionWait();

        /**
         * How long a member that shall vote is waited for, until it is in step with the leader, before that is refused
         * as {@code not-synced}.
         */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 5)
        Duration inStepWait();
    }

    /** Streams of committed changes: what is kept for readers, and what one of them may cost. */
    interface Events {

        /**
         * Committed transactions kept in memory for readers that resume. One that asks for more gets the present state
         * first.
         */
        @WithDefault("50000")
        @Min(1)
        @Max(10_000_000)
        int historyTxns();

        /** Bytes above which fewer than {@code history-txns} are kept, about. */
        @WithDefault("16M")
        MemorySize historyBytes();

        /** Streams and batches of events at this node, attached sessions included. */
        @WithDefault("5000")
        @Min(1)
        @Max(1_000_000)
        int streamsMax();

        /**
         * Of {@code streams-max}, what connections from one address may have. Behind a proxy all clients have its
         * address.
         */
        @WithDefault("2000")
        @Min(1)
        @Max(1_000_000)
        int streamsPerAddress();

        /** Bytes that may wait for one reader before nothing more is given to it until it has read. */
        @WithDefault("64K")
        MemorySize readerBuffer();

        /** How long a reader may take nothing while something waits for it before it is cut off. */
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 10)
        Duration stall();

        /** How long a stream may be quiet before it says how far it is. */
        @WithDefault("8s")
        @DurationMin(millis = 100)
        @DurationMax(millis = 9_500)
        Duration bookmark();

        /** Readers that are given the present state at the same time; others wait for their turn. */
        @WithDefault("8")
        @Min(1)
        @Max(1_000)
        int repairsMax();
    }

    /** Bounds on backups, since the file that is sent lies on the disk until its reader has it. */
    interface Backup {

        /** Backups that are sent at the same time. */
        @WithDefault("2")
        @Min(1)
        @Max(100)
        int streamsMax();

        /** How long a reader may take nothing before its backup is cut off. */
        @WithDefault("30s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 10)
        Duration stall();

        /** How long sending one backup may take before it is cut off. */
        @WithDefault("1h")
        @DurationMin(seconds = 1)
        @DurationMax(hours = 24)
        Duration timeMax();
    }

    /** Times and bounds of the replication protocol. */
    interface Zab {

        /** How often voters tell each other that they are alive. */
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
         * least three times {@code heartbeat}. Lower finds a dead leader sooner and mistakes a slow one for dead more
         * often.
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

        /** A log write that takes longer makes a leader step down: its disk is sick and another's may not be. */
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
         * Requests, reads and keepalive batches of this node's clients that may wait, of each kind; requests, and
         * batches, also to four times {@code outstanding-bytes-max}.
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

        /** Committed transactions kept in memory for members that lag. One that lags more gets a snapshot. */
        @WithDefault("100000")
        @Min(1)
        @Max(10_000_000)
        int windowTxns();

        /** Bytes above which fewer than {@code window-txns} are kept. */
        @WithDefault("32M")
        MemorySize windowBytesMax();

        /**
         * Transactions after which a snapshot is taken; of a large state not before they have a fourth of its bytes. At
         * most four times as many are applied while one is made.
         */
        @WithDefault("100000")
        @Min(100)
        @Max(10_000_000)
        int snapshotTxns();

        /**
         * Bytes of transactions after which a snapshot is taken, or a fourth of the state's bytes if these are more.
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

        /** Messages that may wait for one member before its link is ended and it synchronizes anew. */
        @WithDefault("250000")
        @Min(1_000)
        @Max(10_000_000)
        int laneFramesMax();

        /** Bytes that may wait for one member before its link is ended and it synchronizes anew. */
        @WithDefault("32M")
        MemorySize laneBytesMax();
    }

    /** Sizes of the log. */
    interface Log {

        /** Length at which a segment is full and the next one begins. */
        @WithDefault("64M")
        MemorySize segmentSize();

        /** What is collected in memory before it is written, at most. */
        @WithDefault("2M")
        MemorySize batchSize();

        /**
         * How far a segment is filled with zeros ahead of its records, so that an fsync seldom has to grow the file.
         */
        @WithDefault("512K")
        MemorySize growSize();
    }
}

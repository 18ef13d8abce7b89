package io.holdfast.zab.core;

/**
 * The protocol's times and bounds; one validated value that the core receives at construction.
 *
 * @param helloMillis how often voters tell each other that they are alive
 * @param reachMillis how long a voter counts as reachable after its last hello
 * @param heartbeatMillis how often a leader pings its learners
 * @param syncLimitMillis silence after which a learner leaves its leader, and a leader without a quorum of answers
 *     steps down
 * @param initLimitMillis how long discovery and synchronization may take without progress
 * @param finalizeMillis how long a voter waits for a better vote once its own has a quorum
 * @param resendMinMillis first pause before a vote is sent again; doubled up to {@code resendMaxMillis}
 * @param resendMaxMillis longest pause before a vote is sent again
 * @param fsyncStallMillis a log write outstanding for longer makes a leader step down
 * @param leaderWaitMillis how long a request may wait for a leader before {@link RequestFailure#NO_LEADER}
 * @param requestMillis how long a request may take before {@link RequestFailure#OUTCOME_UNKNOWN}
 * @param requestsMax requests, reads and notes of this server's clients that may wait, of each kind
 * @param outstandingTxnsMax proposals of a leader that may be uncommitted
 * @param outstandingBytesMax bytes of proposals that may be uncommitted
 * @param windowTxns committed transactions kept in memory for learners that lag, at least
 * @param windowBytesMax bytes above which fewer than {@code windowTxns} are kept
 * @param snapshotTxns transactions after which a snapshot is taken
 * @param snapshotBytes bytes of transactions after which a snapshot is taken
 * @param directObservers observers that a leader feeds itself; further ones are fed by its followers
 * @param protocolMax newest version of the peer protocol that this server speaks; the two before are spoken too
 * @param readmit whether a leader has a voter that came back with another disk vote again once it is synchronized
 * @param info what this server tells the other members of itself
 */
public record ZabConfig(
        long helloMillis,
        long reachMillis,
        long heartbeatMillis,
        long syncLimitMillis,
        long initLimitMillis,
        long finalizeMillis,
        long resendMinMillis,
        long resendMaxMillis,
        long fsyncStallMillis,
        long leaderWaitMillis,
        long requestMillis,
        int requestsMax,
        int outstandingTxnsMax,
        long outstandingBytesMax,
        int windowTxns,
        long windowBytesMax,
        int snapshotTxns,
        long snapshotBytes,
        int directObservers,
        int protocolMax,
        boolean readmit,
        MemberInfo info) {

    /** The newest version of the peer protocol: there is one for each level. */
    public static final int PROTOCOL_NEWEST = Configuration.NEWEST_LEVEL;

    /** From this version on a candidate may fetch a more recent history from a voter that elected it. */
    public static final int PULL_PROTOCOL = 3;

    /** What is sent and not stored is at most this part of {@link #windowTxns} and of its bytes. */
    private static final int AHEAD_PART_OF_WINDOW = 16;

    /** A window of few transactions is no reason to be slow: so many are sent at least, if their bytes are few. */
    private static final int AHEAD_TXNS_LEAST = 500;

    /** The defaults (protocol.md#defaults). */
    public static final ZabConfig DEFAULTS = new ZabConfig(
                    100, 300, 100, 1_000, 10_000, 20, 100, 1_000, 1_000, 2_000, 5_000, 20_000, 10_000, 16L << 20,
                    100_000, 32L << 20, 100_000, 64L << 20, 2)
            .withIdentity(PROTOCOL_NEWEST, true);

    /** Checks each value and how they relate. */
    public ZabConfig {
        positive("hello", helloMillis);
        positive("heartbeat", heartbeatMillis);
        positive("finalize", finalizeMillis);
        positive("resend-min", resendMinMillis);
        positive("fsync-stall", fsyncStallMillis);
        positive("leader-wait", leaderWaitMillis);
        positive("requests-max", requestsMax);
        positive("outstanding-txns-max", outstandingTxnsMax);
        positive("outstanding-bytes-max", outstandingBytesMax);
        positive("snapshot-txns", snapshotTxns);
        positive("snapshot-bytes", snapshotBytes);
        positive("protocol-max", protocolMax);
        notBelow("reach", reachMillis, "2 x hello", 2 * helloMillis);
        notBelow("sync-limit", syncLimitMillis, "3 x heartbeat", 3 * heartbeatMillis);
        notBelow("init-limit", initLimitMillis, "sync-limit", syncLimitMillis);
        notBelow("resend-max", resendMaxMillis, "resend-min", resendMinMillis);
        notBelow("request", requestMillis, "leader-wait", leaderWaitMillis);
        notBelow("window-txns", windowTxns, "1", 1);
        notBelow("window-bytes-max", windowBytesMax, "1", 1);
        notBelow("direct-observers", directObservers, "0", 0);
    }

    /** Makes the times and bounds of a server that speaks the first version of the peer protocol only. */
    public ZabConfig(
            long helloMillis,
            long reachMillis,
            long heartbeatMillis,
            long syncLimitMillis,
            long initLimitMillis,
            long finalizeMillis,
            long resendMinMillis,
            long resendMaxMillis,
            long fsyncStallMillis,
            long leaderWaitMillis,
            long requestMillis,
            int requestsMax,
            int outstandingTxnsMax,
            long outstandingBytesMax,
            int windowTxns,
            long windowBytesMax,
            int snapshotTxns,
            long snapshotBytes,
            int directObservers) {
        this(
                helloMillis,
                reachMillis,
                heartbeatMillis,
                syncLimitMillis,
                initLimitMillis,
                finalizeMillis,
                resendMinMillis,
                resendMaxMillis,
                fsyncStallMillis,
                leaderWaitMillis,
                requestMillis,
                requestsMax,
                outstandingTxnsMax,
                outstandingBytesMax,
                windowTxns,
                windowBytesMax,
                snapshotTxns,
                snapshotBytes,
                directObservers,
                Configuration.FIRST_LEVEL,
                true,
                MemberInfo.NONE);
    }

    /** Returns the same with another version of the protocol, and with or without re-admission. */
    public ZabConfig withIdentity(int protocol, boolean readmits) {
        return with(protocol, readmits, info);
    }

    /** Returns the same for a server that tells the others this of itself. */
    public ZabConfig withInfo(MemberInfo told) {
        return with(protocolMax, readmit, told);
    }

    private ZabConfig with(int protocol, boolean readmits, MemberInfo told) {
        return new ZabConfig(
                helloMillis,
                reachMillis,
                heartbeatMillis,
                syncLimitMillis,
                initLimitMillis,
                finalizeMillis,
                resendMinMillis,
                resendMaxMillis,
                fsyncStallMillis,
                leaderWaitMillis,
                requestMillis,
                requestsMax,
                outstandingTxnsMax,
                outstandingBytesMax,
                windowTxns,
                windowBytesMax,
                snapshotTxns,
                snapshotBytes,
                directObservers,
                protocol,
                readmits,
                told);
    }

    /** Returns how many transactions a server is sent at most that it has not said it has stored. */
    public int aheadTxns() {
        return Math.max(AHEAD_TXNS_LEAST, windowTxns / AHEAD_PART_OF_WINDOW);
    }

    /** Returns how many bytes of transactions a server is sent at most that it has not said it has stored. */
    public long aheadBytes() {
        return Math.max(1, windowBytesMax / AHEAD_PART_OF_WINDOW);
    }

    private static void positive(String name, long value) {
        notBelow(name, value, "1", 1);
    }

    private static void notBelow(String name, long value, String bound, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + " but must not be below " + bound);
        }
    }
}

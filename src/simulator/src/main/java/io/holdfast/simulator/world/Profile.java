package io.holdfast.simulator.world;

import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.LogConfig;

/**
 * The character of one world, drawn from its seed: how large it is, how fast its network and disks are, how eager its
 * clients are. Each seed has its own, so that some worlds are calm enough to get somewhere.
 *
 * @param voters 1 to 7
 * @param observers 0 to 3
 * @param clients how many
 * @param locks for which they compete, at least; see {@link Habits}
 * @param stormMillis how long faults go on
 * @param delayNanos of most messages
 * @param delayMaxNanos of the slowest message
 * @param fsyncNanos of most writes
 * @param fsyncMaxNanos of the slowest write
 * @param overtakePerMille votes that overtake older ones
 * @param lostAnswersPerMille requests and answers of clients that are lost
 * @param stalls whether a blocked direction holds bytes back until it is free, or breaks the links
 * @param deafMillis how long an end may not hear that its link is broken
 * @param thinkMillis how long clients wait between operations
 * @param driftPpm how fast or slow clocks may be, in millionths
 * @param zab times and bounds of the protocol
 * @param log sizes of the log
 */
record Profile(
        int voters,
        int observers,
        int clients,
        int locks,
        long stormMillis,
        long delayNanos,
        long delayMaxNanos,
        long fsyncNanos,
        long fsyncMaxNanos,
        int overtakePerMille,
        int lostAnswersPerMille,
        boolean stalls,
        long deafMillis,
        int thinkMillis,
        int driftPpm,
        ZabConfig zab,
        LogConfig log) {

    private static final int[] VOTERS = {3, 3, 3, 3, 3, 5, 5, 4, 1, 2, 6, 7};
    private static final int[] OBSERVERS = {0, 0, 0, 0, 1, 1, 2, 3};
    private static final int[] SNAPSHOT_TXNS = {12, 40, 150, 100_000};
    private static final int[] WINDOW_TXNS = {1, 10, 60, 1_000};
    private static final int[] SEGMENT_BYTES = {4 << 10, 8 << 10, 32 << 10, 256 << 10};
    private static final int[] DIRECT_OBSERVERS = {0, 0, 1, 2};
    private static final int[] THINK_MILLIS = {5, 50, 400, 2_000};

    /**
     * Draws a profile.
     *
     * @param fanOut draws who feeds observers, apart from the rest
     */
    static Profile of(Dice dice, Dice fanOut) {
        long delay = dice.between(50_000, 500_000);
        long fsync = dice.between(100_000, 1_000_000);
        int window = WINDOW_TXNS[dice.below(WINDOW_TXNS.length)];
        return new Profile(
                VOTERS[dice.below(VOTERS.length)],
                OBSERVERS[dice.below(OBSERVERS.length)],
                1 + dice.below(5),
                1 + dice.below(3),
                dice.between(5_000, 40_000),
                delay,
                dice.oneIn(2) ? 2 * delay : dice.between(5, 300) * Scheduler.MILLI,
                fsync,
                dice.oneIn(2) ? 2 * fsync : dice.between(5, 200) * Scheduler.MILLI,
                dice.oneIn(3) ? dice.below(100) : 0,
                dice.oneIn(2) ? 0 : dice.below(150),
                dice.oneIn(2),
                dice.oneIn(2) ? 10 : dice.between(10, 3_000),
                THINK_MILLIS[dice.below(THINK_MILLIS.length)],
                dice.oneIn(4) ? 0 : 1_000,
                zab(
                        window,
                        SNAPSHOT_TXNS[dice.below(SNAPSHOT_TXNS.length)],
                        DIRECT_OBSERVERS[fanOut.below(DIRECT_OBSERVERS.length)]),
                new LogConfig(
                        SEGMENT_BYTES[dice.below(SEGMENT_BYTES.length)],
                        4 << 10,
                        4 << 10,
                        WINDOW_TXNS[dice.below(WINDOW_TXNS.length)],
                        1 << 20));
    }

    int servers() {
        return voters + observers;
    }

    private static ZabConfig zab(int windowTxns, int snapshotTxns, int directObservers) {
        return new ZabConfig(
                100,
                300,
                100,
                1_000,
                5_000,
                20,
                100,
                1_000,
                1_000,
                2_000,
                5_000,
                1_000,
                200,
                1 << 20,
                windowTxns,
                1 << 20,
                snapshotTxns,
                1 << 20,
                directObservers);
    }

    /** Returns by how much a clock is fast, in millionths. */
    long drift(Dice dice) {
        return driftPpm == 0 ? 0 : dice.between(-driftPpm, driftPpm);
    }
}

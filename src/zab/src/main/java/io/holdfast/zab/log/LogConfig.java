package io.holdfast.zab.log;

/**
 * Sizes of the log; one validated value.
 *
 * @param segmentBytes length at which a segment is full and the next begins; a single larger record gets a segment of
 *     its own
 * @param batchBytes what is collected in memory before it is written, at most; also the size of the direct buffer
 * @param growBytes how far a segment is filled with zeros ahead of its records, so that an fsync seldom has to grow the
 *     file
 * @param windowTxns transactions up to the newest snapshot that recovery hands to the core for learners that lag, at
 *     most
 * @param windowBytes weight of those transactions, at most
 */
public record LogConfig(long segmentBytes, int batchBytes, int growBytes, int windowTxns, long windowBytes) {

    public static final LogConfig DEFAULTS = new LogConfig(64L << 20, 2 << 20, 512 << 10, 100_000, 32L << 20);

    /** Checks the bounds. */
    public LogConfig {
        notBelow("segment-bytes", segmentBytes, 4 << 10);
        notBelow("batch-bytes", batchBytes, 4 << 10);
        notBelow("grow-bytes", growBytes, 4 << 10);
        notBelow("window-txns", windowTxns, 0);
        notBelow("window-bytes", windowBytes, 0);
    }

    private static void notBelow(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + " but must not be below " + least);
        }
    }
}

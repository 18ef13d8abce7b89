package io.holdfast.server.config;

import io.holdfast.lock.Quotas;

/**
 * Adds up what a node may keep in its heap when every bound in bytes is reached, and compares it with the heap: bounds
 * that do not fit end the node under load, all nodes alike, instead of refusing work.
 */
final class MemoryBudget {

    /** Classes, threads, connections and what one request takes, measured on an idle node and rounded up. */
    private static final long BASE_BYTES = 48L << 20;

    private static final long MEGABYTE = 1L << 20;

    private MemoryBudget() {}

    /**
     * Checks the bounds against a heap.
     *
     * @param heapBytes the largest heap of this process, as {@link Runtime#maxMemory} says
     * @throws BadConfiguration naming the key of the largest share, and every share
     */
    static void check(HoldfastConfig config, long heapBytes) {
        long table = Quotas.heapFor(config.limits().stateBytes().asLongValue());
        HoldfastConfig.Zab zab = config.zab();
        // What waits for a member is in the window too, for as long as the window has it: the larger of both is kept.
        long window =
                Math.max(zab.windowBytesMax().asLongValue(), zab.laneBytesMax().asLongValue());
        long outstanding = zab.outstandingBytesMax().asLongValue();
        long history = config.events().historyBytes().asLongValue();
        long sum = BASE_BYTES + table + window + outstanding + history;
        if (sum > heapBytes) {
            throw new BadConfiguration(
                    "holdfast.limits.state-bytes",
                    "a heap of " + megabytes(heapBytes) + " does not hold what the bounds allow, " + megabytes(sum)
                            + ": " + megabytes(table) + " for twice holdfast.limits.state-bytes, " + megabytes(window)
                            + " for the larger of holdfast.zab.window-bytes-max and holdfast.zab.lane-bytes-max, "
                            + megabytes(outstanding) + " for holdfast.zab.outstanding-bytes-max, " + megabytes(history)
                            + " for holdfast.events.history-bytes and " + megabytes(BASE_BYTES)
                            + " for the rest; lower one of them, or give the process a larger heap (-Xmx)");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE + " MiB";
    }
}

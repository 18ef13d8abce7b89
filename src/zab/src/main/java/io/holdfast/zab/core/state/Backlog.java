package io.holdfast.zab.core.state;

import io.holdfast.zab.core.ZabConfig;

/** Measures what is logged while nothing may be applied. */
final class Backlog {

    private static final int NONE = -1;

    private final ZabConfig config;
    private final History history;

    /** How much the history had when the backlog began; NONE while there is none. */
    private int size = NONE;

    private long weight;

    Backlog(ZabConfig config, History history) {
        this.config = config;
        this.history = history;
    }

    /** Something can not be applied now; not the first time, perhaps. */
    void begins() {
        if (size == NONE) {
            size = history.size();
            weight = history.weight();
        }
    }

    void ends() {
        size = NONE;
    }

    /** Returns whether as much was logged since it began as a leader may have under way. */
    boolean isLong() {
        return size != NONE
                && (history.size() - size > config.outstandingTxnsMax()
                        || history.weight() - weight > config.outstandingBytesMax());
    }
}

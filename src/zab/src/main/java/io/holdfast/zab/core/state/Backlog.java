package io.holdfast.zab.core.state;

import io.holdfast.zab.core.ZabConfig;

/** Measures what is logged while nothing may be applied. */
final class Backlog {

    private static final long NONE = -1;

    /**
     * What may be logged meanwhile, in multiples of what a leader may have under way. A server that reads no more hears
     * no heartbeats either, and so leaves its leader after the sync limit: that is for the memory's sake only, and
     * late.
     */
    private static final int FACTOR = 2;

    private final ZabConfig config;
    private final History history;

    /** Bytes of the history when the backlog began; NONE while there is none. */
    private long weight = NONE;

    Backlog(ZabConfig config, History history) {
        this.config = config;
        this.history = history;
    }

    /** Something can not be applied now; not the first time, perhaps. */
    void begins() {
        if (weight == NONE) {
            weight = history.weight();
        }
    }

    void ends() {
        weight = NONE;
    }

    /** Returns whether more bytes were logged since it began than memory is meant for. */
    boolean isLong() {
        return weight != NONE && history.weight() - weight > FACTOR * config.outstandingBytesMax();
    }
}

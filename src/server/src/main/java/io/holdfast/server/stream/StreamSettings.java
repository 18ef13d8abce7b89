package io.holdfast.server.stream;

import io.holdfast.server.config.HoldfastConfig;

/**
 * The bounds of one reader, in the units that are used.
 *
 * @param stallNanos how long it may take nothing while something waits for it
 * @param bookmarkNanos how long it may be quiet
 */
record StreamSettings(long stallNanos, long bookmarkNanos) {

    static StreamSettings of(HoldfastConfig.Events config) {
        return new StreamSettings(config.stall().toNanos(), config.bookmark().toNanos());
    }
}

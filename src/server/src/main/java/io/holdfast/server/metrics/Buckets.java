package io.holdfast.server.metrics;

import java.time.Duration;

/** Bounds of the buckets of histograms, which can be added up over nodes, where percentiles of one node cannot. */
final class Buckets {

    /** For what takes microseconds when all is well, and seconds when a disk or a machine is sick. */
    static final Duration[] SHORT = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    /** For what takes as long as the state is large. */
    static final Duration[] LONG = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10)
    };

    private Buckets() {}
}

package io.holdfast.server.metrics;

import java.time.Duration;

/** Bounds of the buckets of histograms, which can be added up over nodes, where percentiles of one node cannot. */
public enum Buckets {

    /** For what takes microseconds when all is well, and seconds when a disk or a machine is sick. */
    SHORT(
            Duration.ofNanos(100_000),
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5)),

    /** For what takes as long as the state is large. */
    LONG(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10)),

    /** For answers: from a read in memory up to the longest that a request is held. */
    REQUESTS(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60)),

    /** For what lasts as long as clients want: from a short critical section up to the longest wait. */
    LEASES(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(24));

    /** Only copies leave. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Duration[] bounds;

    Buckets(Duration... bounds) {
        this.bounds = bounds;
    }

    Duration[] bounds() {
        return bounds.clone();
    }
}

package io.holdfast.server.metrics;

import io.holdfast.server.stream.EventStreams;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Meters of the streams that the node serves. */
@Singleton
final class StreamMeters {

    private final EventStreams streams;
    private final MeterRegistry registry;

    @Inject
    StreamMeters(EventStreams streams, MeterRegistry registry) {
        this.streams = streams;
        this.registry = registry;
    }

    void onStart(@Observes StartupEvent event) {
        Gauge.builder("holdfast.streams", streams, EventStreams::open)
                .description("Streams and batches of events that are open")
                .register(registry);
        FunctionCounter.builder("holdfast.streams.cut", streams, EventStreams::cutOff)
                .description("Readers that were cut off because they were too slow")
                .register(registry);
    }
}

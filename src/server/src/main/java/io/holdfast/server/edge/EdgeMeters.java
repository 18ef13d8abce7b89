package io.holdfast.server.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Meters of the HTTP port beneath any request. */
@Singleton
final class EdgeMeters {

    private static final Duration[] LAGS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Connections connections;
    private final LoopWatch loops;

    @Inject
    EdgeMeters(MeterRegistry registry, Connections connections, LoopWatch loops) {
        this.registry = registry;
        this.connections = connections;
        this.loops = loops;
    }

    void onStart(@Observes StartupEvent event) {
        Gauge.builder("holdfast.http.connections", connections, Connections::open)
                .description("Connections of clients that are open")
                .register(registry);
        Gauge.builder("holdfast.http.accepting", connections, each -> each.isPaused() ? 0 : 1)
                .description("0 while new connections have to wait")
                .register(registry);
        FunctionCounter.builder("holdfast.http.accept.pauses", connections, Connections::pauses)
                .description("How often new connections had to wait, for too many or too few descriptors")
                .register(registry);
        Gauge.builder("holdfast.descriptors.spare", connections, Connections::spareDescriptors)
                .description("File descriptors that may be opened before new connections have to wait")
                .register(registry);
        for (Fault fault : Fault.values()) {
            FunctionCounter.builder("holdfast.http.connections.ended", connections, each -> each.faults(fault))
                    .description("Connections that this node ended, or whose request it did not read")
                    .tag("reason", fault.label())
                    .register(registry);
        }
        Timer lag = Timer.builder("holdfast.http.loop.lag")
                .description("How much later than due each event loop of HTTP ran its beats")
                .serviceLevelObjectives(LAGS)
                .register(registry);
        loops.onLag(nanos -> lag.record(nanos, TimeUnit.NANOSECONDS));
    }
}

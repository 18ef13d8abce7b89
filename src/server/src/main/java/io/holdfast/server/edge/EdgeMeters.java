package io.holdfast.server.edge;

import io.holdfast.server.metrics.Buckets;
import io.holdfast.server.metrics.Meters;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** Meters of the HTTP port beneath any request. */
@Singleton
final class EdgeMeters {

    private final Meters meters;
    private final Connections connections;
    private final LoopWatch loops;

    @Inject
    EdgeMeters(Meters meters, Connections connections, LoopWatch loops) {
        this.meters = meters;
        this.connections = connections;
        this.loops = loops;
    }

    void onStart(@Observes StartupEvent event) {
        meters.gauge(
                "holdfast.http.connections", "Connections of clients that are open", connections, Connections::open);
        meters.gauge(
                "holdfast.http.accepting",
                "0 while new connections have to wait",
                connections,
                each -> each.isPaused() ? 0 : 1);
        meters.counter(
                "holdfast.http.accept.pauses",
                "How often new connections had to wait, for too many or too few descriptors",
                connections,
                Connections::pauses);
        meters.gauge(
                "holdfast.descriptors.spare",
                "File descriptors that may be opened before new connections have to wait",
                connections,
                Connections::spareDescriptors);
        for (boolean secured : new boolean[] {true, false}) {
            meters.counter(
                    "holdfast.http.requests",
                    "Requests for the API, over TLS or not",
                    connections,
                    each -> each.requests(secured),
                    "tls",
                    Boolean.toString(secured));
        }
        for (Fault fault : Fault.values()) {
            meters.counter(
                    "holdfast.http.connections.ended",
                    "Connections that this node ended, or whose request it did not read",
                    connections,
                    each -> each.faults(fault),
                    "reason",
                    fault.label());
        }
        Timer lag = meters.timer(
                "holdfast.http.loop.lag",
                "How much later than due each event loop of HTTP ran its beats",
                Buckets.SHORT);
        loops.onLag(nanos -> lag.record(nanos, TimeUnit.NANOSECONDS));
    }
}

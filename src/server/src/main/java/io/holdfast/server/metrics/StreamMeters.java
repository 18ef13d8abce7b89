package io.holdfast.server.metrics;

import io.holdfast.server.attach.AttachedSessions;
import io.holdfast.server.channel.ChannelPublisher;
import io.holdfast.server.replica.ChangeFeed;
import io.holdfast.server.stream.Admission;
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

    private final Admission admission;
    private final EventStreams streams;
    private final AttachedSessions attached;
    private final ChannelPublisher publisher;
    private final ChangeFeed feed;
    private final MeterRegistry registry;

    @Inject
    StreamMeters(
            Admission admission,
            EventStreams streams,
            AttachedSessions attached,
            ChannelPublisher publisher,
            ChangeFeed feed,
            MeterRegistry registry) {
        this.feed = feed;
        this.publisher = publisher;
        this.admission = admission;
        this.streams = streams;
        this.attached = attached;
        this.registry = registry;
    }

    void onStart(@Observes StartupEvent event) {
        Gauge.builder("holdfast.streams", admission, Admission::open)
                .description("Streams and batches of events and attached sessions that are open")
                .register(registry);
        FunctionCounter.builder("holdfast.streams.cut", streams, EventStreams::cutOff)
                .description("Readers that were cut off because they were too slow")
                .register(registry);
        Gauge.builder("holdfast.repairs.running", streams, EventStreams::repairsRunning)
                .description("Readers of events that are given the present state")
                .register(registry);
        Gauge.builder("holdfast.repairs.waiting", streams, EventStreams::repairsWaiting)
                .description("Readers of events that wait until they are given the present state")
                .register(registry);
        FunctionCounter.builder("holdfast.repairs.resets", streams, EventStreams::resets)
                .description("Times that a reader of events was told to forget what it knows")
                .register(registry);
        Gauge.builder(
                        "holdfast.history.reach",
                        feed,
                        known -> reachSeconds(known.history().oldestAtMillis()))
                .baseUnit("seconds")
                .description("How far back history reaches; NaN while it is empty")
                .register(registry);
        Gauge.builder("holdfast.channel.lag", publisher, ChannelPublisher::lag)
                .description("Transactions that this leader has to publish and the broker of lock-events does not have")
                .register(registry);
        FunctionCounter.builder("holdfast.channel.published", publisher, ChannelPublisher::published)
                .description("Messages that the broker of lock-events acknowledged")
                .register(registry);
        FunctionCounter.builder("holdfast.channel.refused", publisher, ChannelPublisher::refused)
                .description("Messages that the broker of lock-events did not take and that are sent again")
                .register(registry);
        Gauge.builder("holdfast.channel.waiting", publisher, ChannelPublisher::onTheWay)
                .description("Messages on their way to the broker of lock-events")
                .register(registry);
        Gauge.builder("holdfast.sessions.attached", attached, AttachedSessions::open)
                .description("Sessions that a connection to this node keeps alive")
                .register(registry);
        FunctionCounter.builder("holdfast.sessions.vanished", attached, AttachedSessions::vanished)
                .description("Clients of attached sessions that vanished without closing their connection")
                .register(registry);
    }

    private static double reachSeconds(long oldestAtMillis) {
        return oldestAtMillis == 0 ? Double.NaN : Math.max(0, System.currentTimeMillis() - oldestAtMillis) / 1000.0;
    }
}

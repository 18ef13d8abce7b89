package io.holdfast.server.metrics;

import io.holdfast.server.attach.AttachedSessions;
import io.holdfast.server.channel.ChannelPublisher;
import io.holdfast.server.replica.ChangeFeed;
import io.holdfast.server.stream.Admission;
import io.holdfast.server.stream.EventStreams;
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
    private final Meters meters;

    @Inject
    StreamMeters(
            Admission admission,
            EventStreams streams,
            AttachedSessions attached,
            ChannelPublisher publisher,
            ChangeFeed feed,
            Meters meters) {
        this.feed = feed;
        this.publisher = publisher;
        this.admission = admission;
        this.streams = streams;
        this.attached = attached;
        this.meters = meters;
    }

    void onStart(@Observes StartupEvent event) {
        meters.gauge(
                "holdfast.streams",
                "Streams and batches of events and attached sessions that are open",
                admission,
                Admission::open);
        meters.counter(
                "holdfast.streams.cut",
                "Readers that were cut off because they were too slow",
                streams,
                EventStreams::cutOff);
        meters.gauge(
                "holdfast.repairs.running",
                "Readers of events that are given the present state",
                streams,
                EventStreams::repairsRunning);
        meters.gauge(
                "holdfast.repairs.waiting",
                "Readers of events that wait until they are given the present state",
                streams,
                EventStreams::repairsWaiting);
        meters.counter(
                "holdfast.repairs.resets",
                "Times that a reader of events was told to forget what it knows",
                streams,
                EventStreams::resets);
        meters.gauge(
                "holdfast.history.reach.seconds",
                "How far back history reaches; NaN while it is empty",
                feed,
                known -> reachSeconds(known.history().oldestAtMillis()));
        meters.gauge(
                "holdfast.channel.lag",
                "Transactions that this leader has to publish and the broker of lock-events does not have",
                publisher,
                ChannelPublisher::lag);
        meters.counter(
                "holdfast.channel.published",
                "Messages that the broker of lock-events acknowledged",
                publisher,
                ChannelPublisher::published);
        meters.counter(
                "holdfast.channel.refused",
                "Messages that the broker of lock-events did not take and that are sent again",
                publisher,
                ChannelPublisher::refused);
        meters.gauge(
                "holdfast.channel.waiting",
                "Messages on their way to the broker of lock-events",
                publisher,
                ChannelPublisher::onTheWay);
        meters.gauge(
                "holdfast.sessions.attached",
                "Sessions that a connection to this node keeps alive",
                attached,
                AttachedSessions::open);
        meters.counter(
                "holdfast.sessions.vanished",
                "Clients of attached sessions that vanished without closing their connection",
                attached,
                AttachedSessions::vanished);
    }

    private static double reachSeconds(long oldestAtMillis) {
        return oldestAtMillis == 0 ? Double.NaN : Math.max(0, System.currentTimeMillis() - oldestAtMillis) / 1000.0;
    }
}

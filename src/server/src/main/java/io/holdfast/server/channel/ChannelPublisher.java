package io.holdfast.server.channel;

import io.holdfast.lock.Revision;
import io.holdfast.server.replica.LeaderFeed;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Publishes committed changes while this node leads, if the channel has a connector. It begins at the replicated
 * position, which moves at most once a second and only over what the broker acknowledged: so another leader repeats a
 * little and loses nothing.
 *
 * <p>All its work is done on the node's context.
 */
@Singleton
public final class ChannelPublisher {

    private static final Logger LOG = Logger.getLogger("io.holdfast.channel");
    private static final String CHANNEL = "lock-events";
    private static final int WINDOW = 256;
    private static final int BUFFER = 4_096;
    private static final long PAUSE_MILLIS = 1_000;

    private final LeaderFeed feed;
    private final Emitter<String> emitter;
    private final Vertx vertx;
    private final boolean connected;
    private final Courier courier;
    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile int behind;

    /** 0 while this node does not lead. */
    private long epoch;

    private boolean begun;
    private long proposed;

    @Inject
    ChannelPublisher(
            LeaderFeed feed,
            Vertx vertx,
            @Channel(CHANNEL) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
                    Emitter<String> emitter,
            @ConfigProperty(name = "mp.messaging.outgoing.lock-events.connector") String connector) {
        this.feed = feed;
        this.vertx = vertx;
        this.emitter = emitter;
        this.connected = !connector.equals(NowhereConnector.NAME);
        this.courier = new Courier(feed.history(), this::send, WINDOW);
    }

    void onStart(@Observes StartupEvent event) {
        if (connected) {
            feed.onAppended(this::pump);
            vertx.setPeriodic(PAUSE_MILLIS, t -> feed.onNode(this::second));
        }
    }

    private void second() {
        long leading = feed.epoch();
        if (leading != epoch) {
            epoch = leading;
            begun = false;
        }
        if (epoch == 0) {
            behind = 0;
            return;
        }
        if (!begun) {
            begin();
        } else if (courier.mustBeginAgain()) {
            courier.begin(courier.position());
        }
        pump();
        if (courier.position() > proposed && feed.publishedUpTo(epoch, courier.position())) {
            proposed = courier.position();
        }
    }

    private void begin() {
        proposed = feed.published();
        // An ensemble that never published begins with what comes next.
        courier.begin(proposed == 0 ? feed.history().upTo() : proposed);
        begun = true;
        LOG.infof("publishing to %s from revision %s on", CHANNEL, Revision.text(courier.position()));
    }

    private void pump() {
        if (begun && epoch == feed.epoch()) {
            courier.pump();
            behind = courier.onTheWay();
        }
    }

    private void send(Letter letter, Runnable acknowledged, Runnable failed) {
        var headers = List.of(new RecordHeader("revision", letter.revision().getBytes(StandardCharsets.US_ASCII)));
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(letter.key())
                .withHeaders(headers)
                .build();
        try {
            emitter.send(Message.of(
                    letter.json(),
                    Metadata.of(metadata),
                    () -> {
                        published.increment();
                        feed.onNode(() -> settled(acknowledged));
                        return CompletableFuture.completedFuture(null);
                    },
                    failure -> {
                        refused(letter, failure, failed);
                        return CompletableFuture.completedFuture(null);
                    }));
        } catch (IllegalStateException e) {
            refused(letter, e, failed);
        }
    }

    private void settled(Runnable outcome) {
        outcome.run();
        pump();
    }

    private void refused(Letter letter, Throwable failure, Runnable failed) {
        refused.increment();
        LOG.debugf(failure, "%s was not taken by %s and will be sent again", letter.revision(), CHANNEL);
        feed.onNode(failed);
    }

    /** Returns how many messages the broker acknowledged; any thread. */
    public long published() {
        return published.sum();
    }

    /** Returns how many messages were not taken and had to be sent again; any thread. */
    public long refused() {
        return refused.sum();
    }

    /** Returns how many messages are on the way to the broker; any thread. */
    public int onTheWay() {
        return behind;
    }
}

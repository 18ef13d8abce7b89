package io.holdfast.server.channel;

import io.holdfast.lock.Revision;
import io.holdfast.server.replica.LeaderFeed;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * <p>Messages are made and sent on a worker thread, one task at a time; the node's context is asked for what only it
 * knows, and no failure in here reaches it.
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
    private final Executor turns;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile int onTheWay;
    private volatile long lag;

    /** As of the last look at the node; 0 while it does not lead. In turns. */
    private long epoch;

    /** What was proposed last as the position. In turns. */
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
        WorkerExecutor worker = connected ? vertx.createSharedWorkerExecutor("holdfast-channel", 1) : null;
        this.turns = task -> {
            if (worker != null) {
                worker.executeBlocking(() -> turn(task), false);
            }
        };
    }

    void onStart(@Observes StartupEvent event) {
        if (connected) {
            feed.onAppended(this::wake);
            vertx.setPeriodic(PAUSE_MILLIS, t -> feed.onNode(this::look));
        }
    }

    /** On the node's context. */
    private void look() {
        long leading = feed.epoch();
        long known = feed.published();
        turns.execute(() -> second(leading, known));
    }

    private boolean turn(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException defect) {
            LOG.errorf(defect, "publishing to %s failed by a defect and begins again: report it", CHANNEL);
            courier.stop();
            epoch = 0;
        }
        onTheWay = courier.onTheWay();
        lag = courier.lag();
        return true;
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            turns.execute(() -> {
                // From here on news need a turn of their own.
                woken.set(false);
                courier.pump();
            });
        }
    }

    private void second(long leading, long known) {
        if (leading != epoch) {
            epoch = leading;
            if (leading == 0) {
                courier.stop();
            } else {
                begin(known);
            }
        }
        if (epoch == 0) {
            return;
        }
        if (courier.mustBeginAgain()) {
            courier.begin(courier.position());
        }
        courier.pump();
        if (courier.position() > proposed) {
            propose(epoch, courier.position());
        }
    }

    private void begin(long known) {
        proposed = known;
        // An ensemble that never published begins with what comes next.
        courier.begin(known == 0 ? feed.history().upTo() : known);
        LOG.infof("publishing to %s from revision %s on", CHANNEL, Revision.text(courier.position()));
    }

    private void propose(long leading, long position) {
        feed.onNode(() -> {
            if (feed.publishedUpTo(leading, position)) {
                turns.execute(() -> proposed = Math.max(proposed, position));
            }
        });
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
                        turns.execute(() -> settled(acknowledged));
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
        courier.pump();
    }

    private void refused(Letter letter, Throwable failure, Runnable failed) {
        if (refused.longValue() == 0) {
            LOG.warnf("%s does not take %s and is tried again every second: %s", CHANNEL, letter.revision(), failure);
        }
        refused.increment();
        LOG.debugf(failure, "%s was not taken by %s and will be sent again", letter.revision(), CHANNEL);
        turns.execute(failed);
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
        return onTheWay;
    }

    /** Returns how many transactions this node has to publish and the broker does not have; any thread. */
    public long lag() {
        return lag;
    }
}

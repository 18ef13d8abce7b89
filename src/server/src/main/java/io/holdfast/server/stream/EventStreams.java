package io.holdfast.server.stream;

import io.holdfast.lock.LockTable;
import io.holdfast.lock.Revision;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.History;
import io.holdfast.server.replica.AppliedAt;
import io.holdfast.server.replica.ChangeFeed;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.Refused;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All streams of committed changes that this node serves. */
@Singleton
public final class EventStreams {

    private static final long TICK_MILLIS = 100;

    private final ChangeFeed feed;
    private final Source source;
    private final Admission admission;
    private final StreamSettings settings;
    private final RepairDesk desk;
    private final Map<Context, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder cutOff = new LongAdder();

    @Inject
    EventStreams(ChangeFeed feed, Admission admission, HoldfastConfig config) {
        this.feed = feed;
        this.source = new NodeSource();
        this.admission = admission;
        this.settings = StreamSettings.of(config.events());
        this.desk = new RepairDesk(config.events().repairsMax());
        feed.onAppended(() -> lanes.values().forEach(Lane::wake));
        admission.onLeaving(() -> lanes.values().forEach(lane -> lane.later(lane::leave)));
    }

    private final class NodeSource implements Source {
        @Override
        public History history() {
            return feed.history();
        }

        @Override
        public void onNode(Consumer<LockTable> action) {
            feed.onNode(action);
        }

        @Override
        public long ageMillis() {
            return feed.appliedAt().ageMs();
        }
    }

    /** One stream, for whoever holds its connection. */
    private final class Stream implements Streamed {
        private final EventReader reader;
        private final Future<Void> begun;

        private Stream(Lane lane, StreamTerms terms, Outlet outlet) {
            EventReader made =
                    new EventReader(new EventReader.Place(source, lane, desk, settings), terms, outlet, this::ended);
            this.reader = made;
            this.begun = start(lane, made, terms).onFailure(refused -> lane.later(made::close));
        }

        private void ended() {
            admission.leave();
            if (reader.isCutOff()) {
                cutOff.increment();
            }
        }

        @Override
        public Future<Void> begun() {
            return begun;
        }

        @Override
        public void drained() {
            reader.drained();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /**
     * Opens a stream. On the event loop of its connection, as all that is done with the stream.
     *
     * @throws Refused {@code OVERLOADED} or {@code NOT_READY}
     */
    public Streamed open(StreamTerms terms, Outlet outlet) {
        feed.requireFresh();
        admission.enter();
        return new Stream(lane(), terms, outlet);
    }

    private Lane lane(Context context) {
        Lane lane = new Lane(turn -> context.runOnContext(v -> turn.run()));
        context.runOnContext(v -> context.owner().setPeriodic(TICK_MILLIS, t -> tick(lane)));
        return lane;
    }

    /** Nothing happens any more at a node that was removed: its readers go on at another one. */
    private void tick(Lane lane) {
        if (feed.isOutside()) {
            lane.leave();
        }
        lane.tick(System.nanoTime());
    }

    private Lane lane() {
        Context current = Vertx.currentContext();
        if (current == null) {
            throw new IllegalStateException("a stream begins on the event loop of its connection");
        }
        return lanes.computeIfAbsent(VertxContext.getRootContext(current), this::lane);
    }

    private Future<Void> start(Lane lane, EventReader reader, StreamTerms terms) {
        Promise<Void> begun = Promise.promise();
        feed.onNode(table -> {
            Long since = terms.since();
            if (since == null || since <= feed.history().upTo()) {
                begin(lane, reader, since, begun);
                return;
            }
            // Another node told the reader of it, and this one may not have it yet.
            feed.readIndex()
                    .onComplete(confirmed -> feed.onNode(now -> {
                        AppliedAt at = feed.appliedAt();
                        if (confirmed.failed()) {
                            begun.fail(confirmed.cause());
                        } else if (since > at.packed()) {
                            String message = Revision.text(since) + " is ahead of all that was committed, up to ";
                            begun.fail(new Refused(Problem.REVISION_AHEAD, message + at.revision(), at, null));
                        } else {
                            begin(lane, reader, since, begun);
                        }
                    }));
        });
        return begun.future();
    }

    private void begin(Lane lane, EventReader reader, @Nullable Long since, Promise<Void> begun) {
        History history = feed.history();
        Committed from = since == null ? history.last() : history.at(since);
        long cursor = since == null ? history.upTo() : since;
        lane.later(() -> {
            begun.complete();
            reader.begin(from, cursor);
            if (admission.isLeaving()) {
                reader.leave();
            }
        });
    }

    /** Returns how many readers were cut off because they were too slow; any thread. */
    public long cutOff() {
        return cutOff.sum();
    }
}

package io.holdfast.server.stream;

import io.holdfast.lock.LockTable;
import io.holdfast.lock.Revision;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.History;
import io.holdfast.server.history.Message;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All streams of committed changes that this node serves. */
@Singleton
public final class EventStreams {

    /** How long before its credential expires a stream sends a warning, in milliseconds. */
    public static final long REAUTHENTICATE_MILLIS = 30_000;

    private static final long TICK_MILLIS = 100;

    private final ChangeFeed feed;
    private final Vertx vertx;
    private final Source source;
    private final Admission admission;
    private final StreamSettings settings;
    private final RepairDesk desk;
    private final SharedFilters filters = new SharedFilters();
    private final Map<Context, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder cutOff = new LongAdder();

    @Inject
    EventStreams(ChangeFeed feed, Admission admission, HoldfastConfig config, Vertx vertx) {
        this.feed = feed;
        this.vertx = vertx;
        this.source = new NodeSource();
        this.admission = admission;
        this.settings = StreamSettings.of(config.events());
        this.desk = new RepairDesk(config.events().repairsMax(), source, System::nanoTime);
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
        public void after(long nanos, Runnable action) {
            vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), timer -> action.run());
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

        private final String address;

        private final boolean filtered;

        private Stream(Lane lane, StreamTerms terms, Clearance clearance, Outlet outlet, String address) {
            this.address = address;
            this.filtered = clearance.isFiltered();
            EventReader made = new EventReader(
                    new EventReader.Place(source, lane, desk, settings), terms, clearance, outlet, this::ended);
            this.reader = made;
            this.begun = start(lane, made, terms).onFailure(refused -> lane.later(made::close));
        }

        private void ended() {
            admission.leave(address);
            if (reader.isCutOff()) {
                cutOff.increment();
            }
        }

        @Override
        public Future<Void> begun() {
            return begun;
        }

        @Override
        public boolean isFiltered() {
            return filtered;
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
     * @param address of the connection
     * @throws Refused {@code OVERLOADED}, {@code NOT_READY}, or {@code FORBIDDEN} when the caller may read nothing of
     *     it
     */
    public Streamed open(Caller caller, StreamTerms terms, Outlet outlet, String address) {
        feed.requireFresh();
        feed.requireReadable(caller, terms.filter().prefix());
        Clearance clearance = new Clearance(terms.filter(), feed.permit(caller), filters::shared);
        admission.enter(address);
        return new Stream(lane(), terms, clearance, outlet, address);
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
        onNode(begun, () -> {
            Long since = terms.since();
            if (since == null || since <= feed.history().upTo()) {
                begin(lane, reader, since, begun);
                return;
            }
            // Another node told the reader of it, and this one may not have it yet.
            feed.readIndex()
                    .onComplete(confirmed -> onNode(begun, () -> {
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

    /** A defect while a stream begins is the response to its request. */
    private void onNode(Promise<Void> begun, Runnable beginning) {
        feed.onNode(table -> {
            try {
                beginning.run();
            } catch (RuntimeException defect) {
                begun.tryFail(defect);
            }
        });
    }

    private void begin(Lane lane, EventReader reader, @Nullable Long since, Promise<Void> begun) {
        History history = feed.history();
        Committed from = since == null ? history.last() : history.at(since);
        long cursor = since == null ? history.upTo() : since;
        lane.later(() -> {
            begun.complete();
            lane.later(reader, known -> known.begin(from, cursor));
            if (admission.isLeaving()) {
                lane.later(reader, EventReader::leave);
            }
        });
    }

    /** Returns the message that a stream ends soon unless its client comes back with another credential. */
    public static Message reauthenticate(long leftMillis) {
        return Message.of("reauthenticate", null, "{\"leftMs\":" + leftMillis + "}");
    }

    /** Returns how many readers were cut off because they were too slow; any thread. */
    public long cutOff() {
        return cutOff.sum();
    }

    /** Returns how many readers are given the present state; any thread. */
    public int repairsRunning() {
        return desk.running();
    }

    /** Returns how many readers wait until they are given the present state; any thread. */
    public int repairsWaiting() {
        return desk.waiting();
    }

    /** Returns how often a reader was told to forget what it knows; any thread. */
    public long resets() {
        return desk.resets();
    }
}

package io.holdfast.server.edge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Sees whether every event loop that serves HTTP turns. A probe is answered by one of them, and says nothing of the
 * others: a client whose connection belongs to a loop that stands still gets no answer for ever.
 */
@Singleton
public final class LoopWatch {

    private static final long BEAT_MILLIS = 500;

    private final Vertx vertx;
    private final Connections connections;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final List<LongConsumer> onLag = new CopyOnWriteArrayList<>();

    @Inject
    LoopWatch(Vertx vertx, Connections connections) {
        this.vertx = vertx;
        this.connections = connections;
    }

    private final class Loop {
        private volatile long beatAt = System.nanoTime();
        private final Future<?> beating;

        private Loop(EventExecutor executor) {
            this.beating = PeriodicTask.schedule(executor, BEAT_MILLIS, "the beat of an event loop", this::beat);
        }

        private void beat() {
            long now = System.nanoTime();
            long late = Math.max(0, now - beatAt - TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS));
            beatAt = now;
            onLag.forEach(listener -> listener.accept(late));
        }
    }

    void onStart(@Observes StartupEvent event) {
        ((VertxInternal) vertx).getEventLoopGroup().forEach(executor -> loops.add(new Loop(executor)));
    }

    void onStop(@Observes ShutdownEvent event) {
        loops.forEach(loop -> loop.beating.cancel(false));
        loops.clear();
    }

    /** Has {@code lag} told how late each beat of each loop is, in nanoseconds, on that loop. */
    void onLag(LongConsumer lag) {
        onLag.add(lag);
    }

    /** Returns for how long the loop that stands still the longest has done so, in milliseconds. For any thread. */
    public long standstillMillis() {
        long now = System.nanoTime();
        long longest = loops.stream().mapToLong(loop -> now - loop.beatAt).max().orElse(0);
        return TimeUnit.NANOSECONDS.toMillis(Math.max(longest, connections.standstill()));
    }
}

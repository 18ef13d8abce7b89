package io.holdfast.server.replica;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells what leads, or keeps requests open, that this process is about to end. A graceful end waits for all requests,
 * and those would go on for ever; the application's own event of its end comes only after that wait, so this is a hook
 * of the JVM.
 */
@Singleton
public final class Farewell {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    private final List<Runnable> onDraining = new CopyOnWriteArrayList<>();
    private final List<Runnable> onLeaving = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::drainAndLeave, "farewell");
    private final Duration delay;
    private volatile boolean draining;
    private volatile boolean leaving;

    /**
     * Creates one for a process that stays.
     *
     * @param delay how long requests are still served after the process was told to end: readiness goes down first, so
     *     that load balancers send nothing new when the ports close
     */
    @Inject
    Farewell(@ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.delay = delay.orElse(Duration.ZERO);
    }

    void onStart(@Observes StartupEvent event) {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void onStop(@Observes ShutdownEvent event) {
        // Once it runs it cannot be removed; where the application ends and the JVM does not it would stay for ever.
        if (!draining) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The JVM ends, and the hook with it.
            }
        }
    }

    /**
     * Has {@code draining} run, on a thread of its own, when the process is told to end and will serve for a while:
     * what it does, within a bounded time, comes before {@link #onLeaving}. Any thread may ask for it.
     */
    void onDraining(Runnable draining) {
        onDraining.add(draining);
    }

    /** Has {@code leaving} run, on a thread of its own, when the process is about to end; any thread may ask for it. */
    public void onLeaving(Runnable leaving) {
        onLeaving.add(leaving);
    }

    /** Returns whether the process is about to end: nothing may be held any more. For any thread. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Returns whether the process was told to end; it still serves for a while. For any thread. */
    public boolean isDraining() {
        return draining;
    }

    void drainAndLeave() {
        draining = true;
        try {
            if (!delay.isZero()) {
                drain();
            }
        } finally {
            // Whatever became of it: what is held would keep the process for as long as it may be held.
            leave();
        }
    }

    private void drain() {
        long end = System.nanoTime() + delay.toNanos();
        LOG.infof("This node is stopping: it is not ready any more, and serves for %d ms", delay.toMillis());
        onDraining.forEach(Runnable::run);
        try {
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("This node ends what it holds, and closes its ports");
    }

    void leave() {
        leaving = true;
        onLeaving.forEach(Runnable::run);
    }
}

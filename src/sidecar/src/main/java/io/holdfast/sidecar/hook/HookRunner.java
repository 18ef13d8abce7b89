package io.holdfast.sidecar.hook;

import io.holdfast.sidecar.core.Hooks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the hooks of one election, and calls again what failed. What says that it began runs on a thread of its own, so
 * that a hook that hangs delays no end of a leadership.
 */
public final class HookRunner implements Hooks {

    private static final System.Logger LOG = System.getLogger(HookRunner.class.getName());
    private static final Duration ELECTED_TIME = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 100;
    private static final long PAUSE_MILLIS_MAX = 1_000;
    private static final long END_MILLIS = 1_000;

    private final String lock;
    private final String candidate;
    private final Optional<Hook> onElected;
    private final Optional<Hook> onStop;
    private final Map<Hook.Result, AtomicLong> counted = new EnumMap<>(Hook.Result.class);
    private @Nullable Thread electedThread;
    private @Nullable Stop stop;

    /** Token of the last leadership whose application had stopped before its hook said so. */
    private long stoppedToken;

    /** A thread that calls the stop hook. */
    private record Stop(Thread thread, long token) {}

    /** Creates one for an election and a candidate. */
    public HookRunner(String lock, String candidate, Optional<Hook> onElected, Optional<Hook> onStop) {
        this.lock = lock;
        this.candidate = candidate;
        this.onElected = onElected;
        this.onStop = onStop;
        for (Hook.Result result : Hook.Result.values()) {
            counted.put(result, new AtomicLong());
        }
    }

    /** How many calls ended like that. */
    public long count(Hook.Result result) {
        AtomicLong count = counted.get(result);
        return count == null ? 0 : count.get();
    }

    @Override
    public synchronized void elected(long token) {
        onElected.ifPresent(hook -> {
            Thread thread = new Thread(() -> untilItSucceeds(hook, token), "holdfast-hook");
            thread.setDaemon(true);
            electedThread = thread;
            thread.start();
        });
    }

    private void untilItSucceeds(Hook hook, long token) {
        long pause = PAUSE_MILLIS;
        try {
            Hook.Occasion occasion = new Hook.Occasion("elected", lock, candidate, token, 0);
            while (call(hook, occasion, ELECTED_TIME) == Hook.Result.FAILED) {
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the leadership is over");
        }
    }

    private Hook.Result call(Hook hook, Hook.Occasion occasion, Duration within) throws InterruptedException {
        Hook.Result result;
        try {
            result = hook.call(occasion, within);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the hook for " + occasion.event() + " cannot be called: " + e);
            result = Hook.Result.FAILED;
        }
        AtomicLong count = counted.get(result);
        if (count != null) {
            count.incrementAndGet();
        }
        return result;
    }

    @Override
    public boolean stop(long token, LongSupplier leftMillis) {
        endElected(leftMillis);
        if (onStop.isEmpty()) {
            return false;
        }
        begun(new Stop(Thread.currentThread(), token));
        try {
            return stop(onStop.get(), token, leftMillis);
        } finally {
            begun(null);
        }
    }

    private synchronized void begun(@Nullable Stop now) {
        stop = now;
    }

    @Override
    public synchronized void stopped(long token) {
        stoppedToken = token;
        if (stop != null && stop.token() == token) {
            stop.thread().interrupt();
        }
    }

    private synchronized boolean hasStopped(long token) {
        return stoppedToken == token;
    }

    private boolean stop(Hook hook, long token, LongSupplier leftMillis) {
        long pause = PAUSE_MILLIS;
        for (long left = leftMillis.getAsLong(); left > 0; left = leftMillis.getAsLong()) {
            try {
                Hook.Occasion occasion = new Hook.Occasion("stop", lock, candidate, token, left);
                Hook.Result result = call(hook, occasion, Duration.ofMillis(left));
                if (result != Hook.Result.FAILED) {
                    return result == Hook.Result.DONE;
                }
                TimeUnit.MILLISECONDS.sleep(Math.min(pause, leftMillis.getAsLong()));
            } catch (InterruptedException e) {
                // Nothing else may keep the application from being told.
                LOG.log(System.Logger.Level.DEBUG, "the stop hook is called again, unless its time is over");
            }
            pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
        }
        if (hasStopped(token)) {
            return false;
        }
        LOG.log(System.Logger.Level.ERROR, "the stop hook did not succeed in time; the token " + token + " is over");
        return false;
    }

    private synchronized @Nullable Thread takeElectedThread() {
        Thread thread = electedThread;
        electedThread = null;
        return thread;
    }

    private void endElected(LongSupplier leftMillis) {
        Thread thread = takeElectedThread();
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(Math.max(1, Math.min(END_MILLIS, leftMillis.getAsLong())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

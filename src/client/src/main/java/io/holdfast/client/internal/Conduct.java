package io.holdfast.client.internal;

import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.OnOverrun;
import io.holdfast.client.OnStop;
import io.holdfast.client.SessionState;
import io.holdfast.client.spi.ClientObserver;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the program wants done with its work, and its observer, whose faults are its own. Any thread. */
final class Conduct {

    private static final System.Logger LOG = System.getLogger(Conduct.class.getName());
    private static final int HEADERS_MAX = 16;
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,4094}[\\x21-\\x7e])?");

    /** What is not a program's to say, or what the JDK refuses. */
    private static final Set<String> NOT_ITS_OWN = Set.of(
            "accept",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "transfer-encoding",
            "upgrade");

    private final ClientObserver observer;
    private final OnStop onStop;
    private final OnOverrun onOverrun;
    private final IntConsumer halt;
    private final AtomicBoolean observerFailed = new AtomicBoolean();
    private final AtomicBoolean headersRefused = new AtomicBoolean();

    /**
     * Creates one.
     *
     * @param halt ends the process with an exit code
     */
    Conduct(ClientOptions options, IntConsumer halt) {
        this.observer = options.observer();
        this.onStop = options.onStop();
        this.onOverrun = options.onOverrun();
        this.halt = halt;
    }

    /** Whether anything is told to anything. */
    boolean isObserved() {
        return observer != ClientObserver.NONE;
    }

    boolean interrupts() {
        return onStop == OnStop.INTERRUPT;
    }

    /** Headers for the operation that this thread begins. */
    Map<String, String> headers() {
        if (!isObserved()) {
            return Map.of();
        }
        try {
            Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            observer.headers().forEach((name, value) -> {
                if (isPermitted(name, value) && kept.size() < HEADERS_MAX) {
                    kept.put(name, value);
                } else if (headersRefused.compareAndSet(false, true)) {
                    LOG.log(System.Logger.Level.WARNING, "a header of the observer is left out: {0}", name);
                }
            });
            return kept;
        } catch (RuntimeException e) {
            failed(e);
            return Map.of();
        }
    }

    private static boolean isPermitted(String name, String value) {
        return HEADER.matcher(name).matches()
                && VALUE.matcher(value).matches()
                && !NOT_ITS_OWN.contains(name.toLowerCase(Locale.ROOT));
    }

    private void tell(Consumer<ClientObserver> what) {
        if (!isObserved()) {
            return;
        }
        try {
            what.accept(observer);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** The first failure is for people, each of the many that may follow is not. */
    private void failed(RuntimeException e) {
        boolean first = observerFailed.compareAndSet(false, true);
        LOG.log(first ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG, "the observer failed", e);
    }

    void call(ClientObserver.Exchange exchange) {
        tell(told -> told.call(exchange));
    }

    void waited(LockRequest what, Duration wait, ClientObserver.Outcome outcome) {
        tell(told -> told.waited(what, wait, outcome));
    }

    void acquired(Lease lease) {
        tell(told -> told.acquired(lease));
    }

    void ended(Lease lease, Duration held, Loss how) {
        tell(told -> told.ended(lease, held, how));
    }

    void session(String id, @Nullable SessionState from, SessionState to) {
        tell(told -> told.session(id, from, to));
    }

    /** Work runs on although its lease is over. */
    void overrun(Lease lease) {
        LOG.log(System.Logger.Level.WARNING, "work runs on although its lease is over: {0}", lease);
        tell(told -> told.overrun(lease.locks()));
        if (onOverrun == OnOverrun.HALT) {
            LOG.log(System.Logger.Level.ERROR, "the process is ended with {0}: its work ran on", OnOverrun.EXIT_CODE);
            halt.accept(OnOverrun.EXIT_CODE);
        }
    }
}

package io.holdfast.client.spi;

import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.SessionState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a client in Micrometer, which the program brings along:
 *
 * <ul>
 *   <li>{@code holdfast.client.calls} (timer; {@code method}, {@code route}, {@code status}, 0 without an answer)
 *   <li>{@code holdfast.client.wait} (timer; {@code outcome}, {@code lock}): from the request to its end
 *   <li>{@code holdfast.client.held} (timer; {@code lock})
 *   <li>{@code holdfast.client.lost} (counter; {@code cause}, {@code lock})
 *   <li>{@code holdfast.client.overruns} (counter; {@code lock}): work that ran on at the end of its lease
 *   <li>{@code holdfast.client.lease.remaining.min} (gauge, seconds): of the lease that is nearest to its end; NaN when
 *       nothing is held
 *   <li>{@code holdfast.client.sessions} (gauge; {@code state})
 * </ul>
 *
 * <p>Names of locks may be many, so {@code lock} is {@code none} unless a function says which name stands for a lock.
 * Any thread.
 */
@SuppressWarnings("exports") // the types of an optional dependency
public final class MicrometerObserver implements ClientObserver {

    private static final String PREFIX = "holdfast.client.";
    private static final String NO_LOCK = "none";

    private final MeterRegistry registry;
    private final Function<String, @Nullable String> lockTag;
    private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
    private final Map<SessionState, AtomicInteger> sessions = new EnumMap<>(SessionState.class);

    /** One that names no locks. */
    public MicrometerObserver(MeterRegistry registry) {
        this(registry, name -> NO_LOCK);
    }

    /**
     * One that names some locks.
     *
     * @param lockTag the value of the tag {@code lock} for the name of a lock, of a set for its first; null for none.
     *     Each value is one more time series for each metric and is kept, so there must be few
     */
    public MicrometerObserver(MeterRegistry registry, Function<String, @Nullable String> lockTag) {
        this.registry = registry;
        this.lockTag = lockTag;
        for (SessionState state : List.of(SessionState.CONNECTED, SessionState.SUSPENDED, SessionState.STOPPING)) {
            AtomicInteger count = new AtomicInteger();
            sessions.put(state, count);
            Gauge.builder(PREFIX + "sessions", count, AtomicInteger::get)
                    .tag("state", lower(state))
                    .register(registry);
        }
        Gauge.builder(PREFIX + "lease.remaining.min", leases, MicrometerObserver::leastSeconds)
                .baseUnit("seconds")
                .register(registry);
    }

    private static double leastSeconds(Set<Lease> held) {
        return held.stream()
                .mapToDouble(lease -> lease.remaining().toNanos() / 1e9)
                .min()
                .orElse(Double.NaN);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private String lock(List<String> locks) {
        String tag = lockTag.apply(locks.get(0));
        return tag == null ? NO_LOCK : tag;
    }

    @Override
    public void call(Exchange exchange) {
        Tags tags = Tags.of(
                "method", exchange.method(), "route", exchange.route(), "status", String.valueOf(exchange.status()));
        registry.timer(PREFIX + "calls", tags).record(exchange.took());
    }

    @Override
    public void waited(LockRequest what, Duration wait, Outcome outcome) {
        registry.timer(PREFIX + "wait", Tags.of("outcome", lower(outcome), "lock", lock(what.names())))
                .record(wait);
    }

    @Override
    public void acquired(Lease lease) {
        leases.add(lease);
    }

    @Override
    public void ended(Lease lease, Duration held, Loss how) {
        leases.remove(lease);
        String lock = lock(lease.locks());
        registry.timer(PREFIX + "held", "lock", lock).record(held);
        if (how != Loss.RELEASED) {
            registry.counter(PREFIX + "lost", "cause", lower(how), "lock", lock).increment();
        }
    }

    @Override
    public void session(String id, @Nullable SessionState from, SessionState to) {
        count(from, -1);
        count(to, 1);
    }

    private void count(@Nullable SessionState state, int more) {
        AtomicInteger count = state == null ? null : sessions.get(state);
        if (count != null) {
            count.addAndGet(more);
        }
    }

    @Override
    public void overrun(List<String> locks) {
        registry.counter(PREFIX + "overruns", "lock", lock(locks)).increment();
    }
}

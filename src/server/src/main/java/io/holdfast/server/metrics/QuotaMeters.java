package io.holdfast.server.metrics;

import io.holdfast.lock.Quota;
import io.holdfast.lock.QuotaUse;
import io.holdfast.server.replica.Replica;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * Measures how full the lock table is: each quota with its bound, and how far its memory of what ended reaches back.
 */
@Singleton
final class QuotaMeters {

    /** Those of the whole table; the others are of one lock or one session. */
    private static final List<Quota> QUOTAS = List.of(Quota.SESSIONS, Quota.GRANTS, Quota.BYTES, Quota.TOKENS);

    private static final double MILLIS_PER_SECOND = 1000;

    private final Replica replica;
    private final Meters meters;

    @Inject
    QuotaMeters(Replica replica, Meters meters) {
        this.replica = replica;
        this.meters = meters;
    }

    void onStart(@Observes StartupEvent event) {
        for (Quota quota : QUOTAS) {
            gauge("holdfast.quota.used", "How much of a quota of the lock table is used", quota, QuotaUse::used);
            gauge("holdfast.quota.limit", "What a quota of the lock table is bounded by", quota, QuotaUse::limit);
        }
        meters.gauge(
                "holdfast.ended.memory.age.seconds",
                "How long ago the oldest grant ended that is still remembered",
                replica,
                r -> memorySeconds(r.tableUse().oldestEndedMillis(), System.currentTimeMillis()));
    }

    /**
     * Returns how far back grants that ended are remembered.
     *
     * @param nowMillis the wall clock; those of the servers that commands came in at said when a grant ended
     * @return seconds, 0 at least; NaN when none is remembered
     */
    static double memorySeconds(OptionalLong oldestEndedMillis, long nowMillis) {
        return oldestEndedMillis.isEmpty()
                ? Double.NaN
                : Math.max(0, nowMillis - oldestEndedMillis.getAsLong()) / MILLIS_PER_SECOND;
    }

    private void gauge(String name, String description, Quota quota, ToLongFunction<QuotaUse> value) {
        meters.gauge(
                name,
                description,
                replica,
                r -> value(r, quota, value),
                "quota",
                quota.name().toLowerCase(Locale.ROOT));
    }

    private static double value(Replica replica, Quota quota, ToLongFunction<QuotaUse> value) {
        return replica.tableUse().quotas().stream()
                .filter(use -> use.quota() == quota)
                .mapToDouble(value::applyAsLong)
                .findFirst()
                .orElse(Double.NaN);
    }
}

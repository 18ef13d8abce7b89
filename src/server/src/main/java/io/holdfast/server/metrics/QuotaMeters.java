package io.holdfast.server.metrics;

import io.holdfast.lock.Quota;
import io.holdfast.lock.QuotaUse;
import io.holdfast.server.replica.Replica;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Measures how much of each quota of the lock table is used, and what it is bounded by. */
@Singleton
final class QuotaMeters {

    /** Those of the whole table; the others are of one lock or one session. */
    private static final List<Quota> QUOTAS = List.of(Quota.SESSIONS, Quota.GRANTS, Quota.BYTES, Quota.TOKENS);

    private final Replica replica;
    private final MeterRegistry registry;

    @Inject
    QuotaMeters(Replica replica, MeterRegistry registry) {
        this.replica = replica;
        this.registry = registry;
    }

    void onStart(@Observes StartupEvent event) {
        for (Quota quota : QUOTAS) {
            gauge("holdfast.quota.used", "How much of a quota of the lock table is used", quota, QuotaUse::used);
            gauge("holdfast.quota.limit", "What a quota of the lock table is bounded by", quota, QuotaUse::limit);
        }
    }

    private void gauge(String name, String description, Quota quota, ToLongFunction<QuotaUse> value) {
        Gauge.builder(name, replica, r -> value(r, quota, value))
                .description(description)
                .tag("quota", quota.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static double value(Replica replica, Quota quota, ToLongFunction<QuotaUse> value) {
        return replica.quotaUses().stream()
                .filter(use -> use.quota() == quota)
                .mapToDouble(value::applyAsLong)
                .findFirst()
                .orElse(Double.NaN);
    }
}

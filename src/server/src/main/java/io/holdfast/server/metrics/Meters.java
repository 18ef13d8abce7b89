package io.holdfast.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/**
 * Registers the meters of the kinds that this server has, each with the sentence that operators read. What is not a
 * plain number has its unit as the end of its name. Tags are names and values in turn. For any thread.
 */
@Singleton
public final class Meters {

    private final MeterRegistry registry;

    @Inject
    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers what is read from a source when meters are scraped; NaN says that it is not known. */
    public <T> void gauge(
            String name, String description, T source, ToDoubleFunction<? super T> value, String... tags) {
        // By a supplier, which is kept: a source that only its gauge knows would be collected.
        Gauge.builder(name, () -> value.applyAsDouble(source))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Registers what a source counts itself; read when meters are scraped. */
    public <T> void counter(
            String name, String description, T source, ToDoubleFunction<? super T> count, String... tags) {
        FunctionCounter.builder(name, source, count::applyAsDouble)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Registers a counter. */
    public Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /** Registers a histogram of times. */
    public Timer timer(String name, String description, Buckets buckets, String... tags) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets.bounds())
                .tags(tags)
                .register(registry);
    }

    /** Registers a histogram of sizes. */
    public DistributionSummary sizes(String name, String description, double... buckets) {
        return DistributionSummary.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** Registers gauges whose tags come and go. */
    public MultiGauge gauges(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }
}

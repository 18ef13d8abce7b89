package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** The operator in this process, for scenarios of other packages, which want to know what it did. */
public final class InProcessOperator implements AutoCloseable {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TestOperator operator;

    /** Starts it; the client stays the caller's. */
    public InProcessOperator(KubernetesClient client, Map<String, String> settings) {
        operator = new TestOperator(client, TestOperator.config(settings), registry).start();
    }

    /** Actions that were carried out so far. */
    public long actions() {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().contains("operator.actions"))
                .filter(Counter.class::isInstance)
                .mapToLong(meter -> (long) ((Counter) meter).count())
                .sum();
    }

    @Override
    public void close() {
        operator.close();
    }
}

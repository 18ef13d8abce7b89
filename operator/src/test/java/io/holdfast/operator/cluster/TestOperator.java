package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.status.OperatorMetrics;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The operator without its container: put together as in production. One that was stopped is not started again. */
final class TestOperator implements AutoCloseable {

    private static final Map<String, String> FASTER = Map.of(
            "holdfast.operator.look.progressing", "1s",
            "holdfast.operator.look.converged", "2s",
            "holdfast.operator.look.after-action", "100ms",
            "holdfast.operator.look.back-off-max", "2s");

    private final ServiceCalls calls;
    private final ClusterPass pass;
    private boolean started;
    private final Operator operator;
    private final LockClusterReconciler reconciler;

    TestOperator(KubernetesClient client, int servicePort, MeterRegistry registry) {
        this(client, config(Map.of("holdfast.operator.service.port", Integer.toString(servicePort))), registry);
    }

    /** One that looks more often than in production, and asks pods at their own port. */
    TestOperator(KubernetesClient client) {
        this(client, config(FASTER), new SimpleMeterRegistry());
    }

    TestOperator(KubernetesClient client, OperatorConfig config, MeterRegistry registry) {
        OperatorBeans beans = new OperatorBeans();
        LiveObjects live = beans.liveObjects(client, config);
        OperatorMetrics metrics = beans.metrics(registry);
        calls = beans.serviceCalls(config);
        pass = beans.clusterPass(
                client, calls, beans.writes(client, live), beans.eventWriter(client, config), metrics, config);
        operator = new Operator(settings -> settings.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(30)));
        reconciler = new LockClusterReconciler(pass, metrics, config);
        operator.register(reconciler);
    }

    static OperatorConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorConfig.class)
                .withSources(new PropertiesConfigSource(new HashMap<>(settings), "test", 100))
                .build()
                .getConfigMapping(OperatorConfig.class);
    }

    ClusterPass pass() {
        return pass;
    }

    LockClusterReconciler reconciler() {
        return reconciler;
    }

    TestOperator start() {
        operator.start();
        started = true;
        return this;
    }

    @Override
    public void close() {
        if (started) {
            operator.stop();
        }
        calls.close();
    }
}

package io.holdfast.operator;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.manifests.MetricsPage;
import io.holdfast.operator.paper.api.ApiServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ApiClientTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final MeterRegistry registry = MetricsPage.registry();

    @Test
    void everyRequestIsCountedByMethodAndCode() throws IOException, TimeoutException {
        try (ApiServer server = ApiServer.start();
                KubernetesClient admin = server.client("admin")) {
            Config config = new ConfigBuilder(admin.getConfiguration())
                    .withRequestRetryBackoffLimit(0)
                    .build();
            try (KubernetesClient client = ApiClient.counted(new KubernetesClientBuilder(), config, registry)) {
                var maps = client.configMaps().inNamespace("default");
                ConfigMap map = new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("m")
                        .endMetadata()
                        .build();
                assertNull(maps.withName("m").get());
                maps.resource(map).create();
                assertThrows(
                        KubernetesClientException.class,
                        () -> maps.resource(map).create());
                maps.withName("m").patch("{\"data\":{\"a\":\"1\"}}");
                maps.withName("m").delete();
                try (Watch watch = maps.watch(new Ignoring())) {
                    // The client reads before it patches.
                    Map<String, Long> sent = Map.of(
                            "GET 404", 1L,
                            "POST 201", 1L,
                            "POST 409", 1L,
                            "GET 200", 1L,
                            "PATCH 200", 1L,
                            "DELETE 200", 1L,
                            "GET 101", 1L);
                    Eventually.await("the watch " + watch + " is counted", BOUND, () -> counts().equals(sent));
                }
            }
        }
        assertTrue(MetricsPage.named().containsAll(MetricsPage.scraped(registry)), MetricsPage.text(registry));
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (Counter counter : registry.get("holdfast.operator.api.requests").counters()) {
            counts.put(counter.getId().getTag("method") + " " + counter.getId().getTag("code"), (long) counter.count());
        }
        return counts;
    }

    private static final class Ignoring implements Watcher<ConfigMap> {
        @Override
        public void eventReceived(Action action, ConfigMap map) {
            // The request is counted, not what it brings.
        }

        @Override
        public void onClose(WatcherException cause) {
            // The server ends with the test.
        }
    }
}

package io.holdfast.operator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.manifests.MetricsPage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {

    @Test
    void thePageNamesWhatIsShownAndNothingElseOfAClusterThatIsGone() throws IOException {
        MeterRegistry registry = MetricsPage.registry();
        OperatorMetrics metrics = new OperatorMetrics(registry);
        metrics.acted("Evict");
        metrics.looked(Duration.ofMillis(5));
        metrics.show(
                "shop",
                "orders",
                new OperatorMetrics.Shown(
                        Map.of("Quorate", 1),
                        Map.of(new OperatorMetrics.InStep("voter", true), 3),
                        "ChangePending",
                        true));
        Set<String> shown = MetricsPage.scraped(registry);
        assertEquals(6, shown.size(), shown.toString());
        assertTrue(MetricsPage.named().containsAll(shown), shown.toString());

        metrics.retain((namespace, name) -> false);
        assertEquals(
                Set.of("holdfast_operator_actions_total[action]", "holdfast_operator_look_seconds[]"),
                MetricsPage.scraped(registry));
    }
}

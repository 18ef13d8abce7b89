package io.holdfast.camel;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.internal.PageCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.cluster.ClusteredRoutePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/guides/camel.md, which is part of this test and runs. */
@Timeout(120)
class CamelPageTest {

    private final CountDownLatch settled = new CountDownLatch(3);

    @Test
    void theCodeOfThePageRuns() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            service(context);
            context.start();
            assertNotNull(context.hasService(HoldfastClusterService.class).getClient(), "nothing is sent yet");
        }
        try (ModelEnsemble ensemble = new ModelEnsemble()) {
            HoldfastClusterService service = Contexts.service("pod-1", ensemble.client(Duration.ofMinutes(1)));
            CamelContext context = Contexts.context(service, route(service));
            context.start();
            assertTrue(settled.await(60, TimeUnit.SECONDS));
            context.stop();
        }
    }

    private static void service(CamelContext context) throws Exception {
        HoldfastClusterService service = new HoldfastClusterService();
        service.setId("pod-1");
        service.setEndpoints("http://node-1:7100,http://node-2:7100,http://node-3:7100");
        service.setTtl("10s");
        context.addService(service);
    }

    private RouteBuilder route(HoldfastClusterService service) {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                from("timer:settle?period=1000")
                        .routePolicy(ClusteredRoutePolicy.forNamespace("settlement"))
                        .process(new LeaseCheck(service, "settlement"))
                        .process(exchange -> settle(exchange.getMessage().getHeader(LeaseCheck.TOKEN, Long.class)));
            }
        };
    }

    private void settle(long token) {
        assertTrue(token > 0);
        settled.countDown();
    }

    @Test
    void theCodeOfThePageIsThatOfThisTest() throws IOException {
        PageCode.assertPartOf(
                "docs/guides/camel.md", 2, "src/adapters/camel/src/test/java/io/holdfast/camel/CamelPageTest.java");
    }
}

package io.holdfast.camel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.component.file.cluster.FileLockClusteredRoutePolicyFactoryTest;
import org.apache.camel.component.file.cluster.FileLockClusteredRoutePolicyTest;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.cluster.ClusteredRoutePolicyFactory;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * Camel's own tests of its cluster service on files, as they are in Camel's jar of tests, on a class of that name that
 * is this cluster service.
 */
@Suite
@SelectClasses({FileLockClusteredRoutePolicyTest.class, FileLockClusteredRoutePolicyFactoryTest.class})
class CamelContractTest {

    /** Those tests give three contexts 20 s, which on a busy machine loading Camel's classes takes alone. */
    @BeforeSuite
    static void loadCamel() throws Exception {
        CountDownLatch routed = new CountDownLatch(2);
        FileLockClusterService service = new FileLockClusterService();
        service.setId("first");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.disableJMX();
            context.addService(service);
            context.addRoutePolicyFactory(ClusteredRoutePolicyFactory.forNamespace("first"));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("timer:first?delay=0&period=20")
                            .log("From ${routeId}")
                            .process(exchange -> routed.countDown());
                }
            });
            context.start();
            assertTrue(routed.await(120, TimeUnit.SECONDS));
        }
    }
}

package io.holdfast.camel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Contexts of a cluster in this process. */
final class Contexts {

    private static final long BOUND_SECONDS = 60;

    private Contexts() {}

    static HoldfastClusterService service(String id, HoldfastClient client) {
        HoldfastClusterService service = new HoldfastClusterService();
        service.setId(id);
        service.setMembersInterval("100ms");
        service.setClient(client);
        return service;
    }

    /** A context that is not started yet. */
    static CamelContext context(HoldfastClusterService service, RouteBuilder... routes) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.getShutdownStrategy().setTimeout(5);
        context.addService(service);
        for (RouteBuilder route : routes) {
            context.addRoutes(route);
        }
        return context;
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, () -> "not in " + BOUND_SECONDS + " s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}

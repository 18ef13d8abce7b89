package io.holdfast.camel;

import io.holdfast.client.HoldfastClient;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Contexts of a cluster in this process. */
final class Contexts {

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
}

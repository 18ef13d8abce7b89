package io.holdfast.camel;

import io.holdfast.client.Lease;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step of a route before an effect: the exchange goes on only while this member leads, and carries the fencing token
 * of its leadership. It fails with {@link NotLeaderException} else.
 */
public final class LeaseCheck implements Processor {

    /** Header with the token, a {@code Long}. */
    public static final String TOKEN = "HoldfastToken";

    private final HoldfastClusterService service;
    private final String namespace;

    /** Creates one for the routes of a namespace. */
    public LeaseCheck(HoldfastClusterService service, String namespace) {
        this.service = service;
        this.namespace = namespace;
    }

    @Override
    public void process(Exchange exchange) {
        Lease lease = service.lease(namespace)
                .orElseThrow(() -> new NotLeaderException(service.getId() + " does not lead " + namespace));
        exchange.getMessage().setHeader(TOKEN, lease.token());
    }
}

package io.holdfast.server.rest;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.RefusalProblems;
import io.holdfast.server.stream.PerAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Lets no remote address have more requests under way than it may, of which most are held or streams: those of a node
 * are bounded too, and one client must not have them all. For any thread.
 */
final class RequestsPerAddress {

    private final PerAddress addresses;
    private final LockService service;

    RequestsPerAddress(HoldfastConfig config, LockService service) {
        this.addresses = new PerAddress(config.limits().requestsPerAddress());
        this.service = service;
    }

    /** Counts a request until it is over; returns why it is refused, or nothing. */
    Optional<Problem> enter(RoutingContext request) {
        String address = StreamedAnswer.address(request);
        if (addresses.enter(address)) {
            request.addEndHandler(over -> addresses.leave(address));
            return Optional.empty();
        }
        String message = "your address has " + addresses.max()
                + " requests under way at this node, as many as it may; try again later or ask another";
        return Optional.of(RefusalProblems.of(
                new Refused(io.holdfast.server.replica.Problem.OVERLOADED, message, service.appliedAt(), null)));
    }
}

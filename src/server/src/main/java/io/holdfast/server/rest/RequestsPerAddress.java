package io.holdfast.server.rest;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.problem.ProblemWriter;
import io.holdfast.server.rest.problem.RefusalProblems;
import io.holdfast.server.stream.PerAddress;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Lets no remote address have more requests under way than it may, of which most are held or streams: those of a node
 * are bounded too, and one client must not have them all.
 */
@ApplicationScoped
public class RequestsPerAddress {

    /** Behind the gate: what it refuses is not under way. */
    private static final int PRIORITY = 990;

    private static final String API = "/v1/";

    private final PerAddress addresses;
    private final LockService service;
    private final ProblemWriter problems;

    RequestsPerAddress(HoldfastConfig config, LockService service, ProblemWriter problems) {
        this.addresses = new PerAddress(config.limits().requestsPerAddress());
        this.service = service;
        this.problems = problems;
    }

    void install(@Observes Filters filters) {
        filters.register(this::pass, PRIORITY);
    }

    private void pass(RoutingContext request) {
        String path = request.request().path();
        if (path == null || !path.startsWith(API)) {
            request.next();
            return;
        }
        String address = StreamedAnswer.address(request);
        if (addresses.enter(address)) {
            request.addEndHandler(over -> addresses.leave(address));
            request.next();
            return;
        }
        String message = "your address has " + addresses.max()
                + " requests under way at this node, as many as it may; try again later or ask another";
        problems.write(
                request, RefusalProblems.of(new Refused(Problem.OVERLOADED, message, service.appliedAt(), null)));
    }
}

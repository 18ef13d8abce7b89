package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.Operation;
import io.holdfast.server.edge.ManagementPort;
import io.holdfast.server.rest.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/**
 * Judges requests for what a node shows of itself beside the API: probes, metrics, and the description of the API. None
 * of it is about single locks.
 */
@Singleton
final class NodePages {

    private static final String ROOT = "/q";
    private static final String METRICS = ROOT + "/metrics";
    private static final List<String> OF_MANAGEMENT = List.of(ROOT + "/health", METRICS, ROOT + "/openapi");

    private final ManagementPort management;
    private final Entrance entrance;

    @Inject
    NodePages(ManagementPort management, Entrance entrance) {
        this.management = management;
        this.entrance = entrance;
    }

    /**
     * Lets a request for a path outside the API go on, or denies it; at once, or when its credential was checked.
     *
     * @param arrived when its first byte came, by {@link System#nanoTime}
     */
    void pass(RoutingContext request, long arrived, Consumer<Problem> deny) {
        String path = request.request().path();
        if (ManagementPort.isOf(request.request())) {
            if (OF_MANAGEMENT.stream().anyMatch(page -> isBeneath(path, page))) {
                request.next();
            } else {
                deny.accept(Problem.of(
                        ProblemType.PATH_UNKNOWN, "This port serves " + String.join(", ", OF_MANAGEMENT) + " only."));
            }
        } else if (management.isSet() && isBeneath(path, ROOT)) {
            deny.accept(Problem.of(
                    ProblemType.PATH_UNKNOWN, "Health, metrics and openapi are at holdfast.management.port."));
        } else if (isBeneath(path, METRICS)) {
            entrance.begin(request, Operation.NONE, arrived);
            entrance.passKnown(request, deny, request::next);
        } else {
            request.next();
        }
    }

    /** Returns the address that the management port listens on. */
    String host() {
        return management.host();
    }

    /** The router takes a path with something behind a slash for the path. */
    private static boolean isBeneath(String path, String page) {
        return path.startsWith(page) && (path.length() == page.length() || path.charAt(page.length()) == '/');
    }
}

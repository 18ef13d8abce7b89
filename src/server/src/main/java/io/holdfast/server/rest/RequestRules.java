package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.rest.problem.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What holds for the method, the query and the headers of every call, read off its route. */
final class RequestRules {

    private static final List<CharSequence> NOT_BLANK = List.of(
            HttpHeaders.createOptimized("If-Match"),
            HttpHeaders.createOptimized("If-None-Match"),
            HttpHeaders.createOptimized("Idempotency-Key"),
            HttpHeaders.createOptimized("Last-Event-ID"));

    private RequestRules() {}

    /** Returns what is wrong with a request for a route, or nothing. */
    static Optional<Problem> refusal(RoutingContext request, ApiRoutes.Route route) {
        String method = request.request().method().name();
        if (method.equals("OPTIONS")) {
            return Optional.empty();
        }
        Optional<ApiRoutes.Call> call = route.call(method);
        if (call.isEmpty()) {
            return Optional.of(Problem.of(
                            ProblemType.METHOD_NOT_ALLOWED, "The path takes " + route.allow() + ", not " + method + ".")
                    .header("Allow", route.allow()));
        }
        return badQuery(request, call.get().query()).or(() -> blankHeader(request.request()));
    }

    private static Optional<Problem> badQuery(RoutingContext request, Set<String> query) {
        if (request.request().query() == null) {
            return Optional.empty();
        }
        for (Map.Entry<String, List<String>> given : valuesByName(request).entrySet()) {
            if (!query.contains(given.getKey())) {
                String known = query.isEmpty() ? "it takes none" : "it takes " + String.join(", ", query);
                return Optional.of(Problem.invalid(given.getKey(), "is not a query parameter of this call; " + known));
            }
            if (given.getValue().size() > 1) {
                return Optional.of(Problem.invalid(given.getKey(), "must be given once"));
            }
        }
        return Optional.empty();
    }

    /** An empty condition or key would pass for none further down, and none means less than the client asked for. */
    private static Optional<Problem> blankHeader(HttpServerRequest http) {
        for (CharSequence name : NOT_BLANK) {
            String value = http.getHeader(name);
            if (value != null && value.isBlank()) {
                return Optional.of(Problem.invalid(name.toString(), "must not be empty; leave it out for none"));
            }
        }
        return Optional.empty();
    }

    private static Map<String, List<String>> valuesByName(RoutingContext request) {
        var values = new TreeMap<String, List<String>>();
        request.queryParams()
                .forEach((name, value) ->
                        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
        return values;
    }
}

package io.holdfast.server.rest;

import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.Replica;
import io.holdfast.server.rest.model.AnswerHeaders;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemType;
import io.holdfast.server.rest.problem.ProblemWriter;
import io.holdfast.server.rest.problem.RefusalProblems;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The first to see a request under {@code /v1}: refuses what no resource should have to think of (target, method, query
 * parameters, size of the body), and gives every answer the headers that say where it was read.
 */
@ApplicationScoped
public class Gate {

    /** Before the framework's own limits, whose answers are no problems. */
    private static final int PRIORITY = 1_000;

    private static final String BASE = "/v1";
    private static final String CLUSTER = BASE + "/cluster";
    private static final int MAX_TARGET = 4096;
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)/(\\.|%2e){1,2}(/|$)");

    private final ApiRoutes routes = new ApiRoutes();
    private final LockService service;
    private final Replica replica;
    private final ProblemWriter problems;
    private final BodyHandler body;
    private final long maxBody;

    Gate(
            LockService service,
            Replica replica,
            ProblemWriter problems,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        this.service = service;
        this.replica = replica;
        this.problems = problems;
        this.maxBody = maxBody.asLongValue();
        this.body = BodyHandler.create(false).setBodyLimit(this.maxBody);
    }

    void install(@Observes Filters filters) {
        filters.register(this::pass, PRIORITY);
    }

    private void pass(RoutingContext request) {
        request.addHeadersEndHandler(written -> giveHeaders(request));
        String path = request.request().path();
        if (path == null || !(path.equals(BASE) || path.startsWith(BASE + "/"))) {
            request.next();
            return;
        }
        Optional<Problem> refusal = refusal(request);
        if (refusal.isPresent()) {
            problems.write(request, refusal.get());
        } else if (request.request().method().name().equals("OPTIONS")) {
            String allow = routes.match(request.normalizedPath()).orElseThrow().allow();
            request.response().setStatusCode(204).putHeader("Allow", allow).end();
        } else if (hasBody(request.request())) {
            readBody(request);
        } else {
            // A type of nothing decides nothing: some clients name one for every POST.
            request.request().headers().remove(HttpHeaders.CONTENT_TYPE);
            request.next();
        }
    }

    private void giveHeaders(RoutingContext request) {
        var answer = request.response().headers();
        if (!answer.contains(AnswerHeaders.REVISION)) {
            AnswerHeaders.give(service.appliedAt(), answer::set);
        }
    }

    private Optional<Problem> refusal(RoutingContext request) {
        HttpServerRequest http = request.request();
        if (http.uri().length() > MAX_TARGET) {
            return Optional.of(Problem.of(
                    ProblemType.URI_TOO_LONG, "The request target must have at most " + MAX_TARGET + " characters."));
        }
        if (BAD_ESCAPE.matcher(http.uri()).find()) {
            return Optional.of(Problem.invalid("path", "must be percent-encoded: % and two hexadecimal digits"));
        }
        // Both would be resolved away further down, and the request would name another lock than it says.
        if (http.path().contains("//")
                || http.path().endsWith("/")
                || DOT_SEGMENT.matcher(http.path()).find()) {
            return Optional.of(Problem.invalid("path", "must have no empty segment and no segment that is . or .."));
        }
        return routes.match(request.normalizedPath())
                .map(route -> notAMember(route).or(() -> refusal(request, route)))
                .orElseGet(() -> Optional.of(Problem.of(
                        ProblemType.PATH_UNKNOWN, "Nothing is served at this path; /q/openapi lists what is.")));
    }

    /** What a node that was removed knows is of the past: it says that it is no member, and nothing else. */
    private Optional<Problem> notAMember(ApiRoutes.Route route) {
        if (!replica.isOutside() || route.template().equals(CLUSTER)) {
            return Optional.empty();
        }
        return Optional.of(RefusalProblems.of(replica.notAMember()));
    }

    private Optional<Problem> refusal(RoutingContext request, ApiRoutes.Route route) {
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
        if (!call.get().body() && hasBody(request.request())) {
            return Optional.of(Problem.invalid("body", "must be empty: this call takes none"));
        }
        return badQuery(request, call.get().query())
                .or(() -> blankHeader(request.request()))
                .or(() -> tooLarge(request.request()));
    }

    private static Optional<Problem> badQuery(RoutingContext request, Set<String> query) {
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
        return Stream.of("If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID")
                .filter(name ->
                        http.headers().contains(name) && http.getHeader(name).isBlank())
                .findFirst()
                .map(name -> Problem.invalid(name, "must not be empty; leave it out for none"));
    }

    private static Map<String, List<String>> valuesByName(RoutingContext request) {
        var values = new TreeMap<String, List<String>>();
        request.queryParams()
                .forEach((name, value) ->
                        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
        return values;
    }

    private Optional<Problem> tooLarge(HttpServerRequest http) {
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || Long.parseLong(length) <= maxBody) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                        ProblemType.BODY_TOO_LARGE,
                        "The body must have at most " + maxBody + " bytes, not " + length + ".")
                .header("Connection", "close"));
    }

    private static boolean hasBody(HttpServerRequest http) {
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? http.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    /** Reads the body here, where its size is counted as it arrives and a breach can still be answered as a problem. */
    private void readBody(RoutingContext request) {
        HttpServerRequest http = request.request();
        if ("100-continue".equalsIgnoreCase(http.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        http.resume();
        body.handle(request);
    }
}

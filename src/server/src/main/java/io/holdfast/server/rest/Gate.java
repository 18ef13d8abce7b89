package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.Operation;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.Exposure;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.edge.Arrivals;
import io.holdfast.server.edge.Fault;
import io.holdfast.server.edge.LastFrames;
import io.holdfast.server.edge.ManagementPort;
import io.holdfast.server.metrics.Meters;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.Replica;
import io.holdfast.server.rest.body.AnswerHeaders;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemWriter;
import io.holdfast.server.rest.problem.RefusalProblems;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * The first to see a request: refuses what no resource should have to think of (spelling of the path, method, query
 * parameters, requests of one address, size and time of the body), and gives every answer the headers that say where it
 * was read. It decides what a request is for once, before anything routes it.
 */
@ApplicationScoped
public class Gate {

    /** Before the framework's own limits, whose answers are no problems. */
    private static final int PRIORITY = 1_000;

    private static final String BASE = "/v1";
    private static final String CLUSTER = BASE + "/cluster";
    private static final String WHOAMI = BASE + "/acl/whoami";
    private static final int MAX_TARGET = 4096;

    /** Bytes of all headers; the codec beneath takes twice as many, and can give no problem. */
    private static final int MAX_HEADERS = 16 << 10;

    /** Settings under which a header would decide where a request comes from. */
    private static final List<String> FORWARDED =
            List.of("quarkus.http.proxy.proxy-address-forwarding", "quarkus.http.proxy.use-proxy-protocol");

    /** Settings that would move the API away from under the gate. */
    private static final List<String> MOVES = List.of("quarkus.http.root-path", "quarkus.rest.path");

    /** Enough for {@code {}}, with room for blanks. */
    private static final int MAX_EMPTY_BODY = 64;

    private static final int EXPIRE_MILLIS = 500;

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence NO_FRAMES = HttpHeaders.createOptimized("frame-ancestors 'none'");
    private static final CharSequence TRANSPORT_SECURITY = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern EMPTY_OBJECT = Pattern.compile("\\s*(\\{\\s*}\\s*)?");

    private final ApiRoutes routes = new ApiRoutes();
    private final LockService service;
    private final Replica replica;
    private final ProblemWriter problems;
    private final Arrivals arrivals;
    private final RequestsPerAddress addresses;
    private final Entrance entrance;
    private final BodyReader bodies;
    private final long requestNanos;
    private final Optional<String> advertised;
    private long maxBody;

    Gate(
            LockService service,
            Replica replica,
            ProblemWriter problems,
            Arrivals arrivals,
            Entrance entrance,
            HoldfastConfig config) {
        this.service = service;
        this.replica = replica;
        this.problems = problems;
        this.arrivals = arrivals;
        this.entrance = entrance;
        this.addresses = new RequestsPerAddress(config, service);
        this.bodies = new BodyReader(config.http().bodiesMax().asLongValue());
        this.advertised = config.http().advertised();
        this.requestNanos = config.http().requestTime().toNanos();
    }

    void install(@Observes Filters filters, Vertx vertx, Config settings, Meters meters, NodePages pages) {
        checkNotMoved(settings);
        checkNotForwarded(settings);
        maxBody = settings.getValue("quarkus.http.limits.max-body-size", MemorySize.class)
                .asLongValue();
        meters.gauge(
                "holdfast.http.bodies.held",
                "Bytes of the bodies that are being read, or whose request is not answered",
                bodies,
                BodyReader::held);
        vertx.setPeriodic(EXPIRE_MILLIS, timer -> bodies.expire(System.nanoTime()));
        Browsers clients = new Browsers(settings.getValue(Exposure.HTTP_HOST, String.class), advertised);
        Browsers monitoring = new Browsers(pages.host(), Optional.empty());
        filters.register(
                request -> pass(request, ManagementPort.isOf(request.request()) ? monitoring : clients, pages),
                PRIORITY);
    }

    /**
     * Rejects settings under which a client could choose its own address, and whether its connection counts as private.
     *
     * @throws BadConfiguration naming the key
     */
    static void checkNotForwarded(Config settings) {
        for (String key : FORWARDED) {
            if (settings.getOptionalValue(key, Boolean.class).orElse(false)) {
                throw new BadConfiguration(
                        key,
                        "true is not supported: where a request comes from is what its connection says; leave the"
                                + " setting out, and give clients behind a proxy credentials");
            }
        }
    }

    /**
     * Refuses settings under which requests would reach the API at paths that this gate does not watch.
     *
     * @throws BadConfiguration naming the key
     */
    static void checkNotMoved(Config settings) {
        for (String key : MOVES) {
            String path = settings.getOptionalValue(key, String.class).orElse("/");
            if (!path.equals("/")) {
                throw new BadConfiguration(
                        key, "'" + path + "' is not supported: the API is at " + BASE + "; have a proxy change paths");
            }
        }
    }

    private void pass(RoutingContext request, Browsers browsers, NodePages pages) {
        long arrived = arrivals.begun(request);
        request.addHeadersEndHandler(written -> giveHeaders(request));
        String path = request.request().path();
        if (path == null) {
            request.next();
            return;
        }
        Optional<Problem> refusal = browsers.refusal(request.request()).or(() -> misspelt(request.request(), request));
        if (refusal.isPresent()) {
            entrance.begin(request, Operation.NONE, arrived);
            refuse(request, refusal.get());
        } else if (ManagementPort.isOf(request.request()) || !(path.equals(BASE) || path.startsWith(BASE + "/"))) {
            pages.pass(request, arrived, denied -> refuse(request, denied));
        } else {
            enter(request, arrived);
        }
    }

    private void giveHeaders(RoutingContext request) {
        var answer = request.response().headers();
        if (!answer.contains(AnswerHeaders.REVISION)) {
            AnswerHeaders.give(service.appliedAt(), answer::set);
        }
        // A cache on the way would show what was true for somebody else, some time ago.
        answer.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        // A browser is to use the declared type of an answer, and to show it in no page of another site.
        answer.set(TYPE_OPTIONS, NO_SNIFF);
        answer.set(CONTENT_POLICY, NO_FRAMES);
        if (request.request().isSSL()) {
            answer.set(TRANSPORT_SECURITY, ONE_YEAR);
        }
        if (replica.isDraining() && request.request().version() != HttpVersion.HTTP_2) {
            // The client's next request goes to a node that stays.
            answer.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    private Optional<Problem> misspelt(HttpServerRequest http, RoutingContext request) {
        if (arrivals.bytes(http) > MAX_HEADERS && headerBytes(http) > MAX_HEADERS) {
            return Optional.of(Problem.of(
                    ProblemType.HEADERS_TOO_LARGE,
                    "The headers of a request must have at most " + MAX_HEADERS + " bytes together."));
        }
        if (http.uri().length() > MAX_TARGET) {
            return Optional.of(Problem.of(
                    ProblemType.URI_TOO_LONG, "The request target must have at most " + MAX_TARGET + " characters."));
        }
        if (http.uri().indexOf('%') >= 0 && BAD_ESCAPE.matcher(http.uri()).find()) {
            return Optional.of(Problem.invalid("path", "must be percent-encoded: % and two hexadecimal digits"));
        }
        return CanonicalPath.isCanonical(http.path(), request.normalizedPath())
                ? Optional.empty()
                : Optional.of(Problem.invalid("path", CanonicalPath.RULE));
    }

    private static long headerBytes(HttpServerRequest http) {
        long bytes = 0;
        for (Map.Entry<String, String> header : http.headers()) {
            bytes += header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }

    /** Judges a request for the API. */
    private void enter(RoutingContext request, long arrived) {
        HttpServerRequest http = request.request();
        if (http.path().endsWith("/")) {
            problems.write(request, Problem.invalid("path", "must not end with /"));
            return;
        }
        Optional<ApiRoutes.Route> route = routes.match(http.path());
        if (route.isEmpty()) {
            problems.write(
                    request,
                    Problem.of(ProblemType.PATH_UNKNOWN, "Nothing is served at this path; /q/openapi lists what is."));
            return;
        }
        arrivals.routed(request, route.get().template());
        entrance.begin(request, route.get().operation(request.request().method().name()), arrived);
        Optional<Problem> tooMany = addresses.enter(request);
        if (tooMany.isPresent()) {
            refuse(request, tooMany.get());
            return;
        }
        Consumer<Problem> deny = denied -> refuse(request, denied);
        Runnable admit = () -> judge(request, route.get(), arrived);
        if (route.get().template().equals(WHOAMI)) {
            entrance.pass(request, deny, admit);
        } else {
            entrance.passKnown(request, deny, admit);
        }
    }

    /** Judges what is asked for, once it is known on whose behalf. */
    private void judge(RoutingContext request, ApiRoutes.Route route, long arrived) {
        Optional<Problem> refusal = notAMember(route).or(() -> RequestRules.refusal(request, route));
        if (refusal.isPresent()) {
            problems.write(request, refusal.get());
        } else if (request.request().method().name().equals("OPTIONS")) {
            request.response()
                    .setStatusCode(204)
                    .putHeader("Allow", route.allow())
                    .end();
        } else {
            begin(request, route, arrived);
        }
    }

    private void begin(RoutingContext request, ApiRoutes.Route route, long arrived) {
        HttpServerRequest http = request.request();
        if (!hasBody(http)) {
            withoutBody(request);
        } else {
            boolean taken =
                    route.call(http.method().name()).map(ApiRoutes.Call::body).orElse(false);
            readBody(request, arrived, taken);
        }
    }

    /** What a node that was removed knows is of the past: it says that it is no member, and nothing else. */
    private Optional<Problem> notAMember(ApiRoutes.Route route) {
        if (!replica.isOutside() || route.template().equals(CLUSTER)) {
            return Optional.empty();
        }
        return Optional.of(RefusalProblems.of(replica.notAMember()));
    }

    /** Returns whether a request comes with a body. */
    static boolean hasBody(HttpServerRequest http) {
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        // Over HTTP/2 a body needs neither header.
        return http.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (http.version() == HttpVersion.HTTP_2
                        && !http.method().equals(HttpMethod.GET)
                        && !LastFrames.isHeadOnly(http));
    }

    private static void withoutBody(RoutingContext request) {
        // A type of nothing decides nothing: some clients name one for every POST.
        request.request().headers().remove(HttpHeaders.CONTENT_TYPE);
        request.next();
    }

    /** Reads the body here, where its size is counted as it arrives and a breach can still be answered as a problem. */
    private void readBody(RoutingContext request, long arrived, boolean taken) {
        long max = taken ? maxBody : Math.min(maxBody, MAX_EMPTY_BODY);
        if (BodyReader.declared(request.request()) > max) {
            refuse(request, taken ? tooLarge() : noneTaken());
            return;
        }
        bodies.read(request, max, arrived + requestNanos, new BodyReader.Outcome() {
            @Override
            public void read(Buffer body) {
                if (taken && body.length() > 0) {
                    request.next();
                } else if (taken) {
                    withoutBody(request);
                } else if (EMPTY_OBJECT.matcher(body.toString()).matches()) {
                    // Many clients send an empty object with every POST; it says what no body says.
                    BodyReader.forget(request);
                    withoutBody(request);
                } else {
                    problems.write(request, noneTaken());
                }
            }

            @Override
            public void failed(BodyReader.Breach breach) {
                refuse(
                        request,
                        switch (breach) {
                            case TOO_LARGE -> taken ? tooLarge() : noneTaken();
                            case TOO_LATE -> tooLate();
                            case NO_ROOM -> noRoom();
                            case TRAILERS -> Problem.invalid("body", "must not end with trailers");
                        });
            }
        });
    }

    /** What the client still sends is not read, so the connection ends with the answer. */
    private void refuse(RoutingContext request, Problem problem) {
        HttpServerRequest http = request.request();
        if (!hasBody(http)) {
            problems.write(request, problem);
            return;
        }
        if (http.version() != HttpVersion.HTTP_2) {
            request.addEndHandler(over -> http.connection().close());
        }
        if (problem.type() == ProblemType.REQUEST_TIMEOUT) {
            arrivals.count(Fault.SLOW_BODY);
        }
        // HTTP/2 has no such header; a stream that ends early is reset there.
        boolean isHttp2 = request.request().version() == HttpVersion.HTTP_2;
        problems.write(request, isHttp2 ? problem : problem.header("Connection", "close"));
    }

    private Problem tooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The body must have at most " + maxBody + " bytes.");
    }

    private static Problem noneTaken() {
        return Problem.invalid("body", "must be empty, or {}: this call takes none");
    }

    private Problem tooLate() {
        return Problem.of(
                ProblemType.REQUEST_TIMEOUT,
                "Head and body must be complete within " + requestNanos / 1_000_000 + " ms of the first byte.");
    }

    private static Problem noRoom() {
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "This node holds as many bytes of requests as it may; send it again, or ask another node.")
                .retryAfter(1);
    }
}

package io.holdfast.server.edge;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.log.Episode;
import io.holdfast.server.metrics.Buckets;
import io.holdfast.server.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Measures every request by its route, and logs those that are slow, or all of them where that is set. What it writes
 * of a request is its path as it was sent, which has no line breaks, and its trace, never its query or body.
 */
@Singleton
public final class RequestLog {

    private static final Logger ACCESS = Logger.getLogger("io.holdfast.access");
    private static final Logger SLOW = Logger.getLogger("io.holdfast.http");
    private static final String OTHER = "other";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
    private static final long TICK_MILLIS = 1_000;

    private final Meters meters;
    private final boolean logsAll;
    private final long slowNanos;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, Counter> problems = new ConcurrentHashMap<>();

    /** Refusals that say something of the node or the ensemble, not of the request. */
    private final Map<String, Episode> episodes = Map.of(
            "overloaded", new Episode(SLOW, Logger.Level.WARN, "requests are refused as overloaded"),
            "quota-exceeded", new Episode(SLOW, Logger.Level.WARN, "requests are refused since a quota is reached"),
            "no-room", new Episode(SLOW, Logger.Level.WARN, "requests are refused since the disk is full"));

    @Inject
    RequestLog(Meters meters, HoldfastConfig config) {
        this.meters = meters;
        this.logsAll = config.http().accessLog();
        this.slowNanos = config.http().slow().toNanos();
    }

    void onStart(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(TICK_MILLIS, timer -> episodes.values().forEach(each -> each.tick(System.nanoTime())));
    }

    /** What requests are told apart by; every part has few values, whatever clients send. */
    private record Kind(String route, String method, int statusClass, boolean held) {}

    private static final class Seen {
        private final long arrived;
        private @Nullable String route;
        private @Nullable String problem;
        private @Nullable String detail;

        private Seen(long arrived) {
            this.arrived = arrived;
        }
    }

    /**
     * Notes that the head of a request is complete. On its event loop.
     *
     * @param arrived when its first byte came, by {@link System#nanoTime}
     */
    public void begun(RoutingContext request, long arrived) {
        Seen seen = new Seen(arrived);
        request.put(Seen.class.getName(), seen);
        request.addEndHandler(over -> ended(request, seen));
    }

    /** Notes which route of the API a request takes. */
    public void routed(RoutingContext request, String template) {
        Seen seen = request.get(Seen.class.getName());
        seen.route = template;
    }

    /** Notes that a request is answered with a problem of this type. */
    public static void refused(RoutingContext request, String problem, String detail) {
        Seen seen = request.get(Seen.class.getName());
        if (seen != null) {
            seen.problem = problem;
            seen.detail = detail;
        }
    }

    private void ended(RoutingContext request, Seen seen) {
        long nanos = System.nanoTime() - seen.arrived;
        HttpServerRequest http = request.request();
        int status = request.response().getStatusCode();
        boolean held = isHeld(request);
        String route = seen.route == null ? OTHER : seen.route;
        // What HTTP does not know as a method may be any word, and a word would be a series for ever.
        String method = METHODS.contains(http.method().name()) ? http.method().name() : OTHER;
        timers.computeIfAbsent(new Kind(route, method, status / 100, held), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
        if (seen.problem != null) {
            refused(seen.problem, route, String.valueOf(seen.detail));
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (logsAll) {
            ACCESS.infof(
                    "%s %s %s %d %d bytes %d ms%s",
                    http.remoteAddress(),
                    http.method(),
                    http.path(),
                    status,
                    request.response().bytesWritten(),
                    millis,
                    TraceParent.suffix(http));
        }
        if (nanos > slowNanos && !held) {
            SLOW.warnf(
                    "Slow: %s %s of %s took %d ms, status %d%s",
                    http.method(), http.path(), http.remoteAddress(), millis, status, TraceParent.suffix(http));
        }
    }

    private void refused(String problem, String route, String detail) {
        problems.computeIfAbsent(
                        problem + ' ' + route,
                        key -> meters.counter(
                                "holdfast.problems",
                                "Requests that were answered with a problem",
                                "type",
                                problem,
                                "route",
                                route))
                .increment();
        Episode episode = episodes.get(problem);
        if (episode != null) {
            episode.happened(System.nanoTime(), 1, route + ": " + detail);
        }
    }

    /** Returns whether a request asked to wait for something, or is a stream: its time says nothing of this node. */
    private static boolean isHeld(RoutingContext request) {
        String query = request.request().query();
        String type = request.response().headers().get("Content-Type");
        return (query != null && (query.contains("poll=") || query.contains("wait=")))
                || (type != null && (type.startsWith("text/event-stream") || type.startsWith("application/octet")));
    }

    private Timer timer(Kind kind) {
        return meters.timer(
                "holdfast.http.requests",
                "Requests, from their first byte until their answer was given",
                Buckets.REQUESTS,
                "route",
                kind.route(),
                "method",
                kind.method(),
                "status",
                kind.statusClass() + "xx",
                "held",
                Boolean.toString(kind.held()));
    }
}

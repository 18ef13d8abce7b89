package io.holdfast.sidecar.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.holdfast.api.Durations;
import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.LockNames;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.sidecar.core.Answers;
import io.holdfast.sidecar.core.Follower;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.http.Exchanges.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What programs of the pod ask and say. Any thread; an answer takes 5 s at most. */
public final class LocalApi implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(LocalApi.class.getName());
    private static final Duration READ_TIME = Duration.ofSeconds(2);
    private static final Duration HAND_OVER_TIME = Duration.ofSeconds(5);
    private static final Duration DRAIN_MAX = Duration.ofHours(1);
    private static final String CALLS =
            "GET /isLeader, /leader, /events, / and /sse, POST /resign and /handOver are the calls here";

    private final Answers answers;
    private final Leadership leadership;
    private final Follower follower;
    private final EventHub hub;
    private final Duration drain;
    private final ExecutorService handOvers = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-hand-over");
        thread.setDaemon(true);
        return thread;
    });

    /** Creates it; {@code drain} is how long an application has to stop unless a call says otherwise. */
    public LocalApi(Answers answers, Leadership leadership, Follower follower, EventHub hub, Duration drain) {
        this.answers = answers;
        this.leadership = leadership;
        this.follower = follower;
        this.hub = hub;
        this.drain = drain;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (ProblemException e) {
            Exchanges.problem(exchange, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.close();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a defect: " + exchange.getRequestURI(), e);
            Exchanges.problem(exchange, new ProblemException(500, "internal", "see the log of the sidecar"));
        }
    }

    private void route(HttpExchange exchange) throws IOException, ProblemException, InterruptedException {
        switch (exchange.getRequestURI().getPath()) {
            case "/isLeader" -> isLeader(exchange);
            case "/leader" -> leader(exchange);
            case "/events" -> events(exchange, false);
            case "/resign" -> resign(exchange);
            case "/handOver" -> handOver(exchange);
            case "/" -> {
                Exchanges.method(exchange, "GET");
                Exchanges.json(exchange, 200, answers.electorDocument(answers.now()));
            }
            case "/sse" -> events(exchange, true);
            default -> throw new ProblemException(404, "not-found", CALLS);
        }
    }

    private void isLeader(HttpExchange exchange) throws IOException, ProblemException {
        Exchanges.method(exchange, "GET");
        Leadership.Standing own = leadership.now();
        if (own.leads()) {
            exchange.getResponseHeaders().set("Holdfast-Token", Long.toString(own.token()));
            exchange.getResponseHeaders().set("Holdfast-Valid-For-Ms", Long.toString(own.validForMs()));
        }
        Exchanges.json(
                exchange,
                own.leads() ? 200 : 503,
                out -> out.begin()
                        .field("leader", own.leads())
                        .field("token", own.leads() ? own.token() : null)
                        .field("validForMs", own.leads() ? own.validForMs() : null)
                        .end());
    }

    private void leader(HttpExchange exchange) throws IOException, ProblemException, InterruptedException {
        Exchanges.method(exchange, "GET");
        String given = Exchanges.query(exchange).get("maxAge");
        Answers.Told told = answers.now();
        if (given != null) {
            long most = duration("maxAge", given).toMillis();
            if (told.ageMs() < 0 || told.ageMs() > most) {
                if (!follower.freshen(READ_TIME)) {
                    throw new ProblemException(
                            503,
                            "unavailable",
                            "no node of the ensemble told the leader within " + READ_TIME.toSeconds() + " s");
                }
                told = answers.now();
            }
        }
        Exchanges.json(exchange, 200, answers.document(told));
    }

    private static Duration duration(String name, String text) throws ProblemException {
        return Durations.parse(text)
                .filter(time -> time.compareTo(DRAIN_MAX) <= 0)
                .orElseThrow(() -> new ProblemException(
                        400, "invalid-request", name + " is " + Durations.FORM + ", 1 h at most, not '" + text + "'"));
    }

    private void events(HttpExchange exchange, boolean old) throws IOException, ProblemException {
        Exchanges.method(exchange, "GET");
        if (!hub.serve(exchange, old)) {
            throw new ProblemException(
                    503, "overloaded", "there are " + EventHub.READERS_MAX + " readers of events already, or it ends");
        }
    }

    private void resign(HttpExchange exchange) throws IOException, ProblemException {
        Exchanges.method(exchange, "POST");
        byte[] unused = Exchanges.body(exchange);
        accepted(exchange, leadership.resign(), null, Duration.ZERO);
    }

    private record HandOver(@Nullable String to, @Nullable String drain) {
        static HandOver read(JsonReader in) throws MalformedJsonException {
            String to = null;
            String drain = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "to" -> to = in.text();
                    case "drain" -> drain = in.text();
                    default ->
                        throw new MalformedJsonException("there is no field " + in.field() + "; to and drain are");
                }
            }
            return new HandOver(to, drain);
        }
    }

    private void handOver(HttpExchange exchange) throws IOException, ProblemException, InterruptedException {
        Exchanges.method(exchange, "POST");
        byte[] body = Exchanges.body(exchange);
        HandOver wish;
        try {
            wish = body.length == 0 ? new HandOver(null, null) : Json.read(body, HandOver::read);
        } catch (MalformedJsonException e) {
            throw new ProblemException(
                    400,
                    "invalid-request",
                    "the body is such as {\"to\":\"pod-2\",\"drain\":\"10s\"}: " + e.getMessage());
        }
        Duration time = wish.drain() == null ? drain : duration("drain", wish.drain());
        String problem = wish.to() == null ? null : LockNames.idProblem(wish.to());
        if (problem != null) {
            throw new ProblemException(400, "invalid-request", "to: " + problem);
        }
        Future<Leadership.Outcome> outcome = handOvers.submit(() -> leadership.handOver(wish.to(), time));
        try {
            accepted(exchange, outcome.get(HAND_OVER_TIME.toMillis(), TimeUnit.MILLISECONDS), wish.to(), time);
        } catch (TimeoutException e) {
            outcome.cancel(true);
            throw new ProblemException(503, "unavailable", "no node told in time which candidates stand; ask again");
        } catch (ExecutionException e) {
            throw new ProblemException(503, "unavailable", "the candidates cannot be read: " + e.getCause());
        }
    }

    private void accepted(HttpExchange exchange, Leadership.Outcome outcome, @Nullable String to, Duration time)
            throws IOException, ProblemException {
        switch (outcome) {
            case ACCEPTED ->
                Exchanges.json(
                        exchange,
                        202,
                        out -> out.begin()
                                .field("to", to)
                                .field("drainMs", time.toMillis())
                                .end());
            case NOT_LEADER ->
                throw new ProblemException(
                        409, "not-leader", "this candidate does not lead, or gives the leadership up already");
            case NO_SUCH_CANDIDATE ->
                throw new ProblemException(
                        409,
                        "no-such-candidate",
                        "no candidate " + to + " stands; GET /v1/locks of the ensemble lists them");
        }
    }
}

package io.holdfast.sidecar.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.holdfast.sidecar.http.Exchanges.ProblemException;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the kubelet and a reader of metrics ask. It tells nothing that is worth a secret. Any thread. */
public final class ProbeApi implements HttpHandler {

    private final BooleanSupplier lives;
    private final BooleanSupplier ready;
    private final Supplier<String> metrics;
    private final Runnable drain;

    /**
     * Creates it.
     *
     * @param lives whether its own threads run
     * @param ready whether the ensemble was heard of lately
     * @param metrics as Prometheus reads them
     * @param drain has the candidate stand no more; returns at once
     */
    public ProbeApi(BooleanSupplier lives, BooleanSupplier ready, Supplier<String> metrics, Runnable drain) {
        this.lives = lives;
        this.ready = ready;
        this.metrics = metrics;
        this.drain = drain;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> check(exchange, lives, "its own threads stand still");
                case "/readyz" -> check(exchange, ready, "the ensemble was not heard of within a ttl");
                case "/metrics" -> {
                    Exchanges.method(exchange, "GET");
                    Exchanges.send(
                            exchange, 200, "text/plain; version=0.0.4; charset=utf-8", Exchanges.utf8(metrics.get()));
                }
                case "/drain" -> drain(exchange);
                default ->
                    throw new ProblemException(
                            404, "not-found", "GET /livez, /readyz, /metrics and /drain are the calls here");
            }
        } catch (ProblemException e) {
            Exchanges.problem(exchange, e);
        }
    }

    private static void check(HttpExchange exchange, BooleanSupplier condition, String unless)
            throws IOException, ProblemException {
        Exchanges.method(exchange, "GET");
        boolean holds = condition.getAsBoolean();
        Exchanges.send(exchange, holds ? 200 : 503, "text/plain", Exchanges.utf8(holds ? "ok\n" : unless + "\n"));
    }

    /** The kubelet's preStop hook can GET only. */
    private void drain(HttpExchange exchange) throws IOException, ProblemException {
        if (!exchange.getRequestMethod().equals("POST")) {
            Exchanges.method(exchange, "GET");
        }
        byte[] unused = Exchanges.body(exchange);
        drain.run();
        Exchanges.send(exchange, 200, "text/plain", Exchanges.utf8("stands no more\n"));
    }
}

package io.holdfast.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private HttpConnection connection;

    @BeforeEach
    void startAServerThatEchoes() throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    switch (request.path()) {
                        case "/close" -> request.connection().close();
                        case "/chunked" ->
                            request.response()
                                    .setStatusCode(500)
                                    .setChunked(true)
                                    .end("in chunks");
                        case "/empty" -> request.response().setStatusCode(204).end();
                        default -> request.response().setStatusCode(201).end(request.method() + " " + body);
                    }
                }));
        get(server.listen(0, "127.0.0.1"));
        connection = new HttpConnection(vertx.createNetClient(), server.actualPort());
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @Test
    void answersComeOneByOneOnOneConnection() throws Exception {
        assertEquals(new HttpConnection.Answer(201, "PUT one"), get(connection.send("PUT", "/", "one")));
        assertEquals(new HttpConnection.Answer(204, ""), get(connection.send("DELETE", "/empty", "")));
        var large = "x".repeat(100_000);
        assertEquals(new HttpConnection.Answer(201, "POST " + large), get(connection.send("POST", "/", large)));
    }

    @Test
    void aBrokenConnectionFailsTheRequestAndTheNextOneOpensAnother() throws Exception {
        assertEquals(
                "failed",
                get(connection.send("GET", "/close", "").map("answered").otherwise("failed")));
        assertEquals(201, get(connection.send("GET", "/", "")).status());
    }

    @Test
    void anAnswerInChunksIsItsStatusAlone() throws Exception {
        assertEquals(new HttpConnection.Answer(500, ""), get(connection.send("GET", "/chunked", "")));
        assertEquals(201, get(connection.send("GET", "/", "")).status());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}

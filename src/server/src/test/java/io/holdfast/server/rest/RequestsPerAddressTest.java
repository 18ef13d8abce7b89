package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.restassured.RestAssured.given;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RequestsPerAddressTest {

    private static final int MAX = 300;

    /** While some of the first are opened, requests of the test itself are under way. */
    private static final int MORE = 20;

    /** Begins a request whose body does not come. */
    private static final String UNFINISHED =
            "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 9\r\n\r\n{";

    @Test
    void requestsWhoseBodyIsNotCompleteCountToo() throws Exception {
        List<Socket> begun = new ArrayList<>();
        try {
            for (int i = 0; i < MAX + MORE; i++) {
                begun.add(send(UNFINISHED));
            }
            Api.eventually("all that may be are under way", () -> {
                begun.add(send(UNFINISHED));
                return status() == 503;
            });
        } finally {
            for (Socket socket : begun) {
                socket.close();
            }
        }
        Api.eventually("those that hung up count no more", () -> status() == 200);
    }

    @Test
    void oneAddressHasNoMoreRequestsUnderWayThanItMay() throws Exception {
        String lock = fresh("lock");
        String revision = given().get("/v1/locks/{name}", lock).header("Holdfast-Revision");
        String poll = "/v1/locks/" + lock + "?changedSince=" + revision + "&poll=55s";
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < MAX + MORE; i++) {
                held.add(hold(poll));
            }
            // One alone may be refused because the one before it is not over yet. Some of the first may have been
            // refused beside those of another test that were not over, so there is one more each time.
            Api.eventually("all that may be are under way", () -> {
                held.add(hold(poll));
                return status() == 503 && status() == 503 && status() == 503;
            });
            Api.problem(given().get("/v1/locks").then(), 503, "overloaded");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        Api.eventually("those that hung up count no more", () -> status() == 200);
    }

    private static int status() {
        return given().get("/v1/locks").statusCode();
    }

    private static Socket hold(String target) {
        return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static Socket send(String request) {
        try {
            Socket socket = new Socket("localhost", RestAssured.port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.holdfast.sidecar.http;

import com.sun.net.httpserver.HttpExchange;
import io.holdfast.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Short answers to requests. Each has its length, and nothing may keep it. */
final class Exchanges {

    private static final int BODY_BYTES_MAX = 4096;

    /** An answer that says why nothing was done. */
    static final class ProblemException extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String slug;

        ProblemException(int status, String slug, String detail) {
            super(detail);
            this.status = status;
            this.slug = slug;
        }
    }

    private Exchanges() {}

    static void json(HttpExchange exchange, int status, Json.Writable document) throws IOException {
        send(exchange, status, "application/json", Json.write(document));
    }

    static void problem(HttpExchange exchange, ProblemException problem) throws IOException {
        byte[] body = Json.write(out -> out.begin()
                .field("type", problem.slug)
                .field("status", problem.status)
                .field("detail", problem.getMessage())
                .end());
        send(exchange, problem.status, "application/problem+json", body);
    }

    static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        boolean bare = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    /** Requires one of these methods; GET brings HEAD along. */
    static void method(HttpExchange exchange, String allowed) throws ProblemException {
        String method = exchange.getRequestMethod();
        if (!method.equals(allowed) && !(method.equals("HEAD") && allowed.equals("GET"))) {
            exchange.getResponseHeaders().set("Allow", allowed);
            throw new ProblemException(405, "method-not-allowed", "use " + allowed + ", not " + method);
        }
    }

    /** Reads the body of a request that a browser cannot have been talked into. */
    static byte[] body(HttpExchange exchange) throws IOException, ProblemException {
        if (exchange.getRequestHeaders().containsKey("Origin")) {
            throw new ProblemException(403, "origin-refused", "pages of a browser may not do this");
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new ProblemException(413, "too-large", "a body has at most " + BODY_BYTES_MAX + " bytes");
        }
        return body;
    }

    /** Parameters of the query; of one that is there twice the last. */
    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> all = new HashMap<>();
        String query = exchange.getRequestURI().getQuery();
        if (query != null) {
            for (String part : query.split("&", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    all.put(part.substring(0, equals), part.substring(equals + 1));
                }
            }
        }
        return all;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.holdfast.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/** Takes very many locks, in sets, and goes on holding them for as long as a session lives. */
final class ManyLocks {

    private static final int SESSIONS = 100;
    private static final int SET = 50;
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String prefix;

    /** Takes locks through the node that serves at this port; the prefix ends with a slash. */
    ManyLocks(int port, String prefix) {
        this.port = port;
        this.prefix = prefix;
    }

    /** Takes so many, a multiple of 5 000. */
    void take(int locks) throws IOException, InterruptedException {
        for (var session = 0; session < SESSIONS; session++) {
            take(session, locks / SESSIONS);
        }
    }

    private void take(int session, int locks) throws IOException, InterruptedException {
        var opened = send("POST", "/v1/sessions", "{\"ttl\":\"1h\",\"name\":\"bench\"}");
        var id = ID.matcher(opened.body());
        if (!id.find()) {
            throw new IllegalStateException("a session without an id: " + opened.body());
        }
        for (var at = 0; at < locks; at += SET) {
            var names = new StringBuilder();
            for (var i = at; i < at + SET; i++) {
                names.append(i == at ? "" : ",")
                        .append("{\"name\":\"")
                        .append(prefix)
                        .append(session)
                        .append('/')
                        .append(i)
                        .append("\"}");
            }
            var taken = send(
                    "PUT",
                    "/v1/grants/many-" + session + "-" + at,
                    "{\"session\":\"" + id.group(1) + "\",\"locks\":[" + names + "]}");
            if (taken.statusCode() != 201) {
                throw new IllegalStateException("not granted: " + taken.body());
            }
        }
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .timeout(BOUND)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}

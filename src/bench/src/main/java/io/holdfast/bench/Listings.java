package io.holdfast.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Lists many locks by prefix: the first page, and all pages one after the other. */
final class Listings {

    private static final String PREFIX = "bench/listing/";
    private static final int SESSIONS = 100;
    private static final int SET = 50;
    private static final int PAGE = 1000;
    private static final int ROUNDS = 10;
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"next\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    Listings(Holdfast system) {
        this.port = system.port(1);
    }

    /**
     * What was measured.
     *
     * @param first nanoseconds of a first page
     * @param whole nanoseconds of all pages
     */
    record Figures(Histogram first, Histogram whole) {}

    /** Takes so many locks, a multiple of 5 000, and lists them. */
    Figures run(int locks) throws IOException, InterruptedException {
        for (var session = 0; session < SESSIONS; session++) {
            take(session, locks / SESSIONS);
        }
        var first = new Histogram(3);
        var whole = new Histogram(3);
        for (var round = 0; round < 2 * ROUNDS; round++) {
            if (round == ROUNDS) {
                first.reset();
                whole.reset();
            }
            list(locks, first, whole);
        }
        return new Figures(first, whole);
    }

    private void take(int session, int locks) throws IOException, InterruptedException {
        var opened = send("POST", "/v1/sessions", "{\"ttl\":\"300s\",\"name\":\"bench\"}");
        var id = ID.matcher(opened.body());
        if (!id.find()) {
            throw new IllegalStateException("a session without an id: " + opened.body());
        }
        for (var at = 0; at < locks; at += SET) {
            var names = new StringBuilder();
            for (var i = at; i < at + SET; i++) {
                names.append(i == at ? "" : ",")
                        .append("{\"name\":\"")
                        .append(PREFIX)
                        .append(session)
                        .append('/')
                        .append(i)
                        .append("\"}");
            }
            var taken = send(
                    "PUT",
                    "/v1/grants/listing-" + session + "-" + at,
                    "{\"session\":\"" + id.group(1) + "\",\"locks\":[" + names + "]}");
            if (taken.statusCode() != 201) {
                throw new IllegalStateException("not granted: " + taken.body());
            }
        }
    }

    private void list(int locks, Histogram first, Histogram whole) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var pages = 0;
        var cursor = "";
        do {
            var page = send("GET", "/v1/locks?prefix=" + PREFIX + "&limit=" + PAGE + cursor, "");
            if (page.statusCode() != 200) {
                throw new IllegalStateException("no page: " + page.body());
            }
            if (pages == 0) {
                first.recordValue(System.nanoTime() - start);
            }
            pages++;
            var next = NEXT.matcher(page.body());
            cursor = next.find() ? "&after=" + URLEncoder.encode(next.group(1), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        whole.recordValue(System.nanoTime() - start);
        if (pages < locks / PAGE) {
            throw new IllegalStateException(pages + " pages of " + PAGE + " for " + locks + " locks");
        }
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .timeout(BOUND)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}

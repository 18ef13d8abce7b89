package io.holdfast.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads one stream of Server-Sent Events in a thread of its own, until it ends or is closed. */
public final class SseClient implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();

    private final HttpResponse<InputStream> answer;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** A message; {@code event} is {@code "end"} when the stream is over. */
    public record Event(String id, String event, JsonNode data) {}

    /** Opens a stream; {@code lastEventId} may be null. */
    public SseClient(URI uri, String lastEventId) throws IOException {
        this(HTTP, uri, lastEventId);
    }

    /** Opens a stream with a client, which may have others on the same connection; {@code lastEventId} may be null. */
    public SseClient(HttpClient http, URI uri, String lastEventId) throws IOException {
        this(http, uri, lastEventId, null);
    }

    /** Opens a stream with a bearer credential; {@code lastEventId} may be null. */
    public static SseClient as(String credential, URI uri, String lastEventId) throws IOException {
        return new SseClient(HTTP, uri, lastEventId, credential);
    }

    private SseClient(HttpClient http, URI uri, String lastEventId, String credential) throws IOException {
        var request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a stream was opened", e);
        }
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("HTTP " + answer.statusCode() + " for " + uri);
        }
        var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        thread = new Thread(() -> read(lines), "sse " + uri);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(BufferedReader lines) {
        var id = "";
        var event = "";
        var data = "";
        try {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !event.isEmpty()) {
                    events.add(new Event(id, event, JSON.readTree(data)));
                    id = "";
                    event = "";
                }
            }
        } catch (IOException cutOff) {
            // As good as the end: whoever reads goes on from the last id.
        }
        events.add(new Event("", "end", JSON.createObjectNode()));
    }

    public String header(String name) {
        return answer.headers().firstValue(name).orElse(null);
    }

    /** Returns the next message, waiting for it. */
    public Event next() throws InterruptedException {
        return next(event -> true);
    }

    /** Returns the next message, or null when there is none at the moment. */
    public Event poll() {
        return events.poll();
    }

    /** Returns the first message from now on that is as wished; others are passed over, the end is not. */
    public Event next(Predicate<Event> wished) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            var event = events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("what was waited for did not come for " + PATIENCE_SECONDS + " s");
            }
            if (wished.test(event)) {
                return event;
            }
            if (event.event().equals("end")) {
                throw new AssertionError("the stream ended before what was waited for");
            }
        }
    }

    /** Ends the connection at once, whatever still waits to be read. */
    @Override
    public void close() throws IOException {
        answer.body().close();
    }
}

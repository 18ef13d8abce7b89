package io.holdfast.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads one stream of Server-Sent Events in a thread of its own, until it ends or is closed. */
public final class SseClient implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final int CONNECT_MILLIS = 60_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpURLConnection connection;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** A message; {@code event} is {@code "end"} when the stream is over. */
    public record Event(String id, String event, JsonNode data) {}

    /** Opens a stream; {@code lastEventId} may be null. */
    public SseClient(URI uri, String lastEventId) throws IOException {
        connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setRequestProperty("Accept", "text/event-stream");
        if (lastEventId != null) {
            connection.setRequestProperty("Last-Event-ID", lastEventId);
        }
        if (connection.getResponseCode() != 200) {
            throw new IOException("HTTP " + connection.getResponseCode() + " for " + uri);
        }
        var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
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
        return connection.getHeaderField(name);
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

    @Override
    public void close() {
        connection.disconnect();
    }
}

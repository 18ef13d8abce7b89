package io.holdfast.sidecar.http;

import com.sun.net.httpserver.HttpExchange;
import io.holdfast.api.Json;
import io.holdfast.sidecar.core.Answers;
import io.holdfast.sidecar.core.Audience;
import io.holdfast.sidecar.core.Clock;
import io.holdfast.sidecar.core.Moment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells programs of the pod what happens, as Server-Sent Events. Each reader has a thread and a bounded queue; one that
 * does not read is disconnected, and no reader can delay another or the election. Any thread.
 */
public final class EventHub implements Audience {

    /** Readers at once; a further one is refused. */
    public static final int READERS_MAX = 16;

    private static final int QUEUE_MESSAGES = 64;
    private static final long STALL_MILLIS = 5_000;

    /** The last of a queue. */
    private static final byte[] END = {};

    private static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final Clock clock;
    private final Duration beat;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicLong cut = new AtomicLong();
    private @Nullable Answers answers;
    private Answers.@Nullable Told last;
    private volatile boolean closed;

    /** Creates one that says something to each reader at least every {@code beat}. */
    public EventHub(Clock clock, Duration beat) {
        this.clock = clock;
        this.beat = beat;
    }

    /** Says where the leader is known from; before anything is told. */
    public synchronized void attach(Answers source) {
        answers = source;
        last = source.now();
    }

    /** Readers now. */
    public int readers() {
        return readers.size();
    }

    /** Readers that were disconnected because they did not read. */
    public long cut() {
        return cut.get();
    }

    private final class Reader {
        private final boolean old;
        private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE_MESSAGES);
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Moment writing;
        private String lastName = "";

        private Reader(boolean old) {
            this.old = old;
        }

        private void offer(byte[] message) {
            if (!queue.offer(message)) {
                end();
            }
        }

        /** Ends its thread, also when that waits for the socket. */
        private void end() {
            if (readers.remove(this)) {
                cut.incrementAndGet();
                thread.interrupt();
            }
        }
    }

    /**
     * Serves a reader until it leaves, is disconnected, or the sidecar ends. On the thread of the request.
     *
     * @param old as the retired leader-elector's successor at NAIS tells it: the leader's name alone, without names of
     *     events
     * @return whether there was room for it
     */
    boolean serve(HttpExchange exchange, boolean old) throws IOException {
        Reader reader = new Reader(old);
        synchronized (this) {
            if (closed || readers.size() >= READERS_MAX) {
                return false;
            }
            readers.add(reader);
            tell(reader, told(), true);
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("Cache-Control", "no-cache");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            while (readers.contains(reader)) {
                byte[] message = reader.queue.poll(beat.toMillis(), TimeUnit.MILLISECONDS);
                if (message == END) {
                    break;
                }
                reader.writing = clock.now();
                out.write(message == null ? age(reader) : message);
                out.flush();
                reader.writing = null;
            }
            out.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            left(reader);
            exchange.close();
        }
        return true;
    }

    private synchronized void left(Reader reader) {
        readers.remove(reader);
        notifyAll();
    }

    private Answers.Told told() {
        Answers source = answers;
        if (source == null) {
            throw new IllegalStateException("nothing is known before the start");
        }
        return source.now();
    }

    private synchronized byte[] age(Reader reader) {
        if (reader.old) {
            return BEAT;
        }
        Answers.Told told = told();
        return event(
                "age",
                out -> out.begin()
                        .field("ageMs", told.ageMs())
                        .field("validForMs", told.own().validForMs())
                        .field("state", told.state())
                        .end());
    }

    private static byte[] event(String name, Json.Writable document) {
        return ("event: " + name + "\ndata: " + new String(Json.write(document), StandardCharsets.UTF_8) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void tell(Reader reader, Answers.Told told, boolean first) {
        Answers source = answers;
        if (source == null) {
            return;
        }
        if (!reader.old) {
            reader.offer(event("leader", source.document(told)));
            return;
        }
        String name = told.leader() == null ? "" : told.leader().id();
        if (first || !name.equals(reader.lastName)) {
            reader.lastName = name;
            String data = new String(Json.write(source.electorDocument(told)), StandardCharsets.UTF_8);
            reader.offer(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void leaderChanged() {
        if (answers == null) {
            return;
        }
        Answers.Told told = told();
        Answers.Told before = last;
        if (before == null || !told.isSame(before)) {
            last = told;
            List.copyOf(readers).forEach(reader -> tell(reader, told, false));
        }
    }

    @Override
    public synchronized void stopping(long token, Duration within, String reason) {
        publish(event(
                "stop",
                out -> out.begin()
                        .field("token", token)
                        .field("withinMs", within.toMillis())
                        .field("reason", reason)
                        .end()));
    }

    @Override
    public synchronized void lost(long token, String cause) {
        publish(event(
                "lost",
                out -> out.begin().field("token", token).field("cause", cause).end()));
    }

    private void publish(byte[] message) {
        List.copyOf(readers).stream().filter(reader -> !reader.old).forEach(reader -> reader.offer(message));
    }

    /** Looks for what only time changes, and for readers that do not read; once a second. */
    public void tick() {
        leaderChanged();
        Moment now = clock.now();
        for (Reader reader : new ArrayList<>(readers)) {
            Moment since = reader.writing;
            if (since != null && since.millisUntil(now) > STALL_MILLIS) {
                reader.end();
            }
        }
    }

    /** Ends all readers, each once it was sent what is in its queue; waits for that long at most. */
    public synchronized void close(Duration within) {
        closed = true;
        List.copyOf(readers).forEach(reader -> reader.offer(END));
        try {
            long end = Clock.SYSTEM.now().nanos() + within.toNanos();
            long left = within.toMillis();
            while (left > 0 && !readers.isEmpty()) {
                wait(left);
                left = (end - Clock.SYSTEM.now().nanos()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List.copyOf(readers).forEach(reader -> {
            readers.remove(reader);
            reader.thread.interrupt();
        });
    }
}

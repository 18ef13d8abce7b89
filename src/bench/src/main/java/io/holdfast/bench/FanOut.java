package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One change at a time to many readers of the event stream, spread over the nodes: from the request sent to each reader
 * that has it, and to the last one.
 */
final class FanOut {

    private static final int CHANGES = 200;
    private static final int WARM_UP = 50;
    private static final long BOUND_SECONDS = 60;
    private static final String PREFIX = "bench/fan-out/";

    /** What readers under rules may all read; beside it each set of rules has locks of its own. */
    private static final String SHARED = PREFIX + "shared/";

    private static final byte[] CHANGE = "\nevent: change".getBytes(StandardCharsets.US_ASCII);

    private final Holdfast system;
    private final NetClient net;

    FanOut(Holdfast system, NetClient net) {
        this.system = system;
        this.net = net;
    }

    /**
     * What was measured.
     *
     * @param each nanoseconds from the request sent to a reader that has the change, for all readers
     * @param last nanoseconds to the last reader of a change
     * @param serversCpu processor time of all nodes for one change
     */
    record Figures(Histogram each, Histogram last, Duration serversCpu) {}

    /** Measures with so many readers. */
    Figures run(int readers) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        return run(readers, List.of(""));
    }

    /** Measures with so many readers under so many sets of rules, which each let them read a part of their prefix. */
    Figures run(int readers, int sets) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var rules = new RuleSets(system);
        var keys = rules.enforce(sets, SHARED, PREFIX + "own-");
        try {
            return run(readers, keys);
        } finally {
            rules.open();
        }
    }

    /** Measures with readers that take turns with some keys; an empty one is none. */
    private Figures run(int readers, List<String> keys)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        List<Reader> all = new ArrayList<>();
        var each = new Histogram(3);
        var last = new Histogram(3);
        var client = system.client(1);
        var cpu = Duration.ZERO;
        try {
            for (var i = 0; i < readers; i++) {
                var reader = new Reader();
                all.add(reader);
                await(reader.open(net, system.port(1 + i % LockSystem.NODES), keys.get(i % keys.size())));
            }
            await(client.open());
            for (var i = 0; i < WARM_UP + CHANGES; i++) {
                if (i == WARM_UP) {
                    each.reset();
                    last.reset();
                    cpu = system.cpu();
                }
                change(
                        client,
                        all,
                        SHARED + readers + "/" + keys.size() + keys.get(0).length() + "/" + i,
                        each,
                        last);
            }
            return new Figures(each, last, system.cpu().minus(cpu).dividedBy(CHANGES));
        } finally {
            all.forEach(Reader::close);
            client.close();
        }
    }

    private static void change(LockClient client, List<Reader> readers, String lock, Histogram each, Histogram last)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Future<Long>> news = new ArrayList<>();
        for (var reader : readers) {
            news.add(reader.next());
        }
        var sent = System.nanoTime();
        await(client.acquire(lock));
        var latest = sent;
        for (var heard : news) {
            var when = await(heard);
            each.recordValue(when - sent);
            latest = Math.max(latest, when);
        }
        last.recordValue(latest - sent);
    }

    private static <T> T await(Future<T> step) throws InterruptedException, ExecutionException, TimeoutException {
        return step.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /** One reader; it looks for the beginnings of changes only. Its methods may be called on any thread. */
    private static final class Reader {

        private final Promise<Void> opened = Promise.promise();
        private volatile Promise<Long> next = Promise.promise();
        private volatile @Nullable NetSocket socket;
        private Buffer tail = Buffer.buffer();

        Future<Void> open(NetClient net, int port, String key) {
            var credential = key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n";
            net.connect(port, "127.0.0.1").onFailure(opened::tryFail).onSuccess(connected -> {
                socket = connected;
                connected.handler(this::received);
                connected.write("GET /v1/events?kinds=granted&prefix=" + PREFIX
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + credential
                        + "\r\n");
            });
            return opened.future();
        }

        /** Returns when the next change is there, as {@link System#nanoTime}. */
        Future<Long> next() {
            next = Promise.promise();
            return next.future();
        }

        private void received(Buffer bytes) {
            var text = tail.appendBuffer(bytes);
            // A stream begins with a bookmark.
            opened.tryComplete();
            if (contains(text)) {
                next.tryComplete(System.nanoTime());
                tail = Buffer.buffer();
            } else {
                tail = text.getBuffer(Math.max(0, text.length() - CHANGE.length), text.length());
            }
        }

        private static boolean contains(Buffer text) {
            for (var i = 0; i + CHANGE.length <= text.length(); i++) {
                var at = 0;
                while (at < CHANGE.length && text.getByte(i + at) == CHANGE[at]) {
                    at++;
                }
                if (at == CHANGE.length) {
                    return true;
                }
            }
            return false;
        }

        void close() {
            var open = socket;
            if (open != null) {
                open.close();
            }
        }
    }
}

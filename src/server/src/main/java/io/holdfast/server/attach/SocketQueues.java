package io.holdfast.server.attach;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The sign of life of HTTP/1.1 connections, on which a client has nothing to send: asks the kernel whether the peer has
 * acknowledged all that was sent to it. That tells a peer that is quiet from one that vanished without closing, long
 * before TCP itself gives up. Linux lists the bytes not acknowledged in {@code /proc/net/tcp}; elsewhere every peer
 * counts as being there.
 *
 * <p>The list is of all connections of the machine: it is read on a worker thread, at most four times a second and for
 * at most a twentieth of its time, for all questions that wait by then. For any thread.
 */
@Singleton
public final class SocketQueues {

    private static final List<Path> LISTS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String IPV4_IN_IPV6 = "0000000000000000FFFF0000";

    /** Between the beginnings of two readings. */
    private static final long PAUSE_NANOS = 250_000_000;

    /** A reading is followed by a pause that is at least so many times as long. */
    private static final int REST = 19;

    private static final int READ_BYTES = 64 * 1024;
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int QUEUES = 4;

    private final Vertx vertx;
    private List<Question> open = new ArrayList<>();
    private boolean reading;
    private long notBefore = System.nanoTime();

    /** Which connection somebody asks for. */
    private record Question(String connection, Promise<Boolean> answer) {}

    @Inject
    SocketQueues(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Returns whether all that was written to the connection before the call is acknowledged by its peer. */
    Future<Boolean> isDrained(SocketAddress local, SocketAddress remote) {
        InetAddress peer = new InetSocketAddress(remote.hostAddress(), remote.port()).getAddress();
        if (peer == null) {
            return Future.succeededFuture(true);
        }
        Question question = new Question(name(local.port(), peer.getAddress(), remote.port()), Promise.promise());
        synchronized (this) {
            open.add(question);
            if (!reading) {
                reading = true;
                readWhenAllowed();
            }
        }
        return question.answer.future();
    }

    private void readWhenAllowed() {
        long pause = TimeUnit.NANOSECONDS.toMillis(notBefore - System.nanoTime());
        if (pause > 0) {
            vertx.setTimer(pause, timer -> read());
        } else {
            read();
        }
    }

    /** Answers the requests made so far; later ones need a later list. */
    private synchronized void read() {
        List<Question> asked = open;
        open = new ArrayList<>();
        long began = System.nanoTime();
        vertx.executeBlocking(() -> waiting(LISTS), false).onComplete(list -> {
            for (Question question : asked) {
                question.answer.complete(list.failed() || !list.result().contains(question.connection));
            }
            synchronized (this) {
                long took = System.nanoTime() - began;
                notBefore = began + Math.max(PAUSE_NANOS, took + REST * took);
                if (open.isEmpty()) {
                    reading = false;
                } else {
                    readWhenAllowed();
                }
            }
        });
    }

    /** Returns the names of all connections that have bytes which their peer has not acknowledged. */
    static Set<String> waiting(List<Path> lists) throws IOException {
        Set<String> waiting = new HashSet<>();
        for (Path list : lists) {
            if (Files.isReadable(list)) {
                try (InputStream in = Files.newInputStream(list)) {
                    new Lines(waiting).read(in);
                }
            }
        }
        return waiting;
    }

    /** Finds the lines with bytes that wait; the others cost no object. */
    private static final class Lines {
        private final Set<String> waiting;
        private final byte[] line = new byte[512];
        private int length;

        private Lines(Set<String> waiting) {
            this.waiting = waiting;
        }

        private void read(InputStream in) throws IOException {
            byte[] bytes = new byte[READ_BYTES];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    if (bytes[i] == '\n') {
                        take();
                        length = 0;
                    } else if (length < line.length) {
                        line[length++] = bytes[i];
                    }
                }
            }
            take();
        }

        private void take() {
            int queues = start(QUEUES);
            // The queues are 00000000:00000000, that of what was sent first; the head of the list has words there.
            if (queues + 8 >= length || line[queues + 8] != ':') {
                return;
            }
            for (int i = queues; i < queues + 8; i++) {
                if (line[i] != '0') {
                    waiting.add(name(field(LOCAL), field(REMOTE)));
                    return;
                }
            }
        }

        /** Returns where a field begins, counted from 0; the end of the line when it has fewer. */
        private int start(int field) {
            int at = 0;
            for (int i = -1; i < field; i++) {
                while (i >= 0 && at < length && line[at] != ' ') {
                    at++;
                }
                while (at < length && line[at] == ' ') {
                    at++;
                }
            }
            return at;
        }

        private String field(int field) {
            int from = start(field);
            int to = from;
            while (to < length && line[to] != ' ') {
                to++;
            }
            return new String(line, from, to - from, StandardCharsets.US_ASCII);
        }
    }

    private static String name(String local, String remote) {
        String peer = remote.startsWith(IPV4_IN_IPV6) ? remote.substring(IPV4_IN_IPV6.length()) : remote;
        return local.substring(local.indexOf(':') + 1) + " " + peer;
    }

    /** Names a connection as the kernel does: addresses as words in the order of the machine's bytes. */
    static String name(int localPort, byte[] address, int port) {
        StringBuilder name = new StringBuilder(String.format(Locale.ROOT, "%04X ", localPort));
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < address.length; i++) {
            int at = little ? i - i % 4 + 3 - i % 4 : i;
            name.append(String.format(Locale.ROOT, "%02X", address[at]));
        }
        return name.append(String.format(Locale.ROOT, ":%04X", port)).toString();
    }
}

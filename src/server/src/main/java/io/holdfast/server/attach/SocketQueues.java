package io.holdfast.server.attach;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Asks the kernel whether the peers of connections have acknowledged all that was sent to them: the only thing that
 * tells a peer that is quiet from one that vanished without closing, long before TCP itself gives up. Linux lists the
 * bytes not acknowledged in {@code /proc/net/tcp}; elsewhere every peer counts as being there.
 *
 * <p>Questions of the same time share one reading of the list, on a worker thread. For any thread.
 */
@Singleton
public final class SocketQueues {

    private static final List<Path> LISTS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String IPV4_IN_IPV6 = "0000000000000000FFFF0000";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int QUEUES = 4;

    private final Vertx vertx;
    private List<Question> open = new ArrayList<>();
    private boolean reading;

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
                read();
            }
        }
        return question.answer.future();
    }

    /** Answers those who have asked by now; whoever asks later needs a later list. */
    private void read() {
        List<Question> asked = open;
        open = new ArrayList<>();
        vertx.executeBlocking(() -> waiting(LISTS), false).onComplete(list -> {
            for (Question question : asked) {
                question.answer.complete(list.failed() || !list.result().contains(question.connection));
            }
            synchronized (this) {
                if (open.isEmpty()) {
                    reading = false;
                } else {
                    read();
                }
            }
        });
    }

    /** Returns the names of all connections that have bytes which their peer has not acknowledged. */
    static Set<String> waiting(List<Path> lists) throws IOException {
        Set<String> waiting = new HashSet<>();
        for (Path list : lists) {
            if (Files.isReadable(list)) {
                for (String line : Files.readAllLines(list)) {
                    String[] fields = line.strip().split(" +", -1);
                    if (fields.length > QUEUES
                            && fields[QUEUES].matches("[0-9A-F]{8}:.*")
                            && !isEmpty(fields[QUEUES])) {
                        waiting.add(name(fields[LOCAL], fields[REMOTE]));
                    }
                }
            }
        }
        return waiting;
    }

    private static boolean isEmpty(String queues) {
        return queues.startsWith("00000000:");
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

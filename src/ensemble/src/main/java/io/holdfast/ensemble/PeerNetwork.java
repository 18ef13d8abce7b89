package io.holdfast.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between the nodes of an ensemble, which can be broken for each direction of each pair: a proxy stands
 * before every node's peer port and learns from the first bytes of a connection who dials.
 *
 * <p>May be used by any thread.
 */
public final class PeerNetwork implements AutoCloseable {

    private static final int BACKLOG = 50;

    /** What happens to what one node sends to another. */
    public enum Way {
        /** It arrives. */
        OPEN,
        /** It is kept and arrives when the way is open again, as if packets had been lost and were sent once more. */
        HELD,
        /** It is gone, while connections look well; those that lost something are reset when the way is open again. */
        LOST,
        /** Connections of the pair are reset, and new ones at once. */
        CUT
    }

    private final Way[][] ways;
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<ServerSocket> fronts = new ArrayList<>();

    /** A network without faults for nodes 1 to {@code nodes}. */
    public PeerNetwork(int nodes) {
        ways = new Way[nodes + 1][nodes + 1];
        for (var row : ways) {
            Arrays.fill(row, Way.OPEN);
        }
    }

    /** Begins to listen before the node whose peer port is given; returns the port where others find it. */
    synchronized int standBefore(int id, int port) throws IOException {
        var front = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        fronts.add(front);
        daemon("peers-of-" + id, () -> accept(front, id, port));
        return front.getLocalPort();
    }

    /** What {@code from} sends to {@code to} goes this way from now on. */
    public void set(int from, int to, Way way) {
        synchronized (this) {
            ways[from][to] = way;
            notifyAll();
        }
        connections.forEach(PeerConnection::reconsider);
    }

    /** What the node sends to all others goes this way from now on. */
    public void setFrom(int id, Way way) {
        for (var other = 1; other < ways.length; other++) {
            if (other != id) {
                set(id, other, way);
            }
        }
    }

    /** What all others send to the node goes this way from now on. */
    public void setTo(int id, Way way) {
        for (var other = 1; other < ways.length; other++) {
            if (other != id) {
                set(other, id, way);
            }
        }
    }

    /** All ways are open again. */
    public void heal() {
        for (var id = 1; id < ways.length; id++) {
            setFrom(id, Way.OPEN);
        }
    }

    /** Ends all connections; no node reaches another from now on. */
    @Override
    public void close() {
        synchronized (this) {
            for (var front : fronts) {
                try {
                    front.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        connections.forEach(PeerConnection::close);
    }

    synchronized Way way(int from, int to) {
        return ways[from][to];
    }

    /** Returns once what {@code from} sends is not held back any more, or the connection is over. */
    synchronized Way awaitNotHeld(PeerConnection connection, int from, int to) throws InterruptedException {
        while (ways[from][to] == Way.HELD && !connection.isClosed()) {
            wait();
        }
        return ways[from][to];
    }

    /** Returns once {@code to} can learn what happened to {@code from}, or the connection is over. */
    synchronized void awaitNews(PeerConnection connection, int from, int to) throws InterruptedException {
        while ((ways[from][to] == Way.HELD || ways[from][to] == Way.LOST) && !connection.isClosed()) {
            wait();
        }
    }

    void closed(PeerConnection connection) {
        connections.remove(connection);
        synchronized (this) {
            notifyAll();
        }
    }

    static void daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket front, int id, int port) {
        while (!front.isClosed()) {
            try {
                var socket = front.accept();
                daemon("peer-of-" + id, () -> serve(socket, id, port));
            } catch (IOException e) {
                // Closed, or a dialer that was gone before it was accepted: the next call tells.
            }
        }
    }

    private void serve(Socket dialer, int id, int port) {
        try {
            dialer.setTcpNoDelay(true);
            var greeting = dialer.getInputStream().readNBytes(PeerConnection.GREETING_BYTES);
            var from = PeerConnection.sender(greeting);
            if (from < 1 || from >= ways.length || way(from, id) == Way.CUT || way(id, from) == Way.CUT) {
                PeerConnection.reset(dialer);
                return;
            }
            var connection = new PeerConnection(this, dialer, connect(port), from, id);
            connections.add(connection);
            connection.run(greeting);
        } catch (IOException nobodyThere) {
            PeerConnection.reset(dialer);
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }
}

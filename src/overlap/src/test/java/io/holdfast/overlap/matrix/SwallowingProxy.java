package io.holdfast.overlap.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries connections to a port of the loopback address. While it swallows, it still accepts connections and reads from
 * both sides, and nothing arrives: a network that is broken without a sign of it. Any thread.
 */
final class SwallowingProxy implements AutoCloseable {

    private static final int BACKLOG = 50;
    private static final int BUFFER_BYTES = 16 << 10;

    private final ServerSocket front;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong swallowed = new AtomicLong();
    private volatile boolean swallows;

    /** Listens on a free port of that address. */
    SwallowingProxy(InetAddress address, int port) throws IOException {
        this.front = new ServerSocket(0, BACKLOG, address);
        this.port = port;
        daemon(this::accept);
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    /** How many bytes are gone. */
    long swallowed() {
        return swallowed.get();
    }

    /** Begins to swallow. */
    void swallow() {
        swallows = true;
    }

    /** Carries again; connections that lost something are reset. */
    void carry() {
        swallows = false;
        connections.stream().filter(connection -> connection.hasLostBytes).forEach(Connection::close);
    }

    @Override
    public void close() throws IOException {
        front.close();
        connections.forEach(Connection::close);
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "swallowing-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                var client = front.accept();
                var connection = new Connection(client);
                connections.add(connection);
                daemon(connection::run);
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted: the next call tells.
            }
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean hasLostBytes;

        private Connection(Socket client) {
            this.client = client;
        }

        private void run() {
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                daemon(() -> carry(server, client));
                carry(client, server);
            } catch (IOException refused) {
                close();
            }
        }

        private void carry(Socket from, Socket to) {
            try {
                carry(from.getInputStream(), to.getOutputStream());
            } catch (IOException ended) {
                // The end travels the way of the bytes: while those are swallowed, neither side learns of it.
                hasLostBytes = true;
            }
            if (!swallows) {
                close();
            }
        }

        private void carry(InputStream in, OutputStream out) throws IOException {
            var buffer = new byte[BUFFER_BYTES];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                if (swallows) {
                    hasLostBytes = true;
                    swallowed.addAndGet(read);
                }
                if (!hasLostBytes) {
                    out.write(buffer, 0, read);
                } else if (!swallows) {
                    return;
                }
            }
            hasLostBytes = true;
        }

        private void close() {
            connections.remove(this);
            reset(client);
            reset(server);
        }

        private void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException alreadyGone) {
                // That is what was wanted.
            }
        }
    }
}

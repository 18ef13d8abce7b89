package io.holdfast.ensemble;

import io.holdfast.ensemble.PeerNetwork.Way;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection between two nodes, carried by a thread for each direction. */
final class PeerConnection {

    /** Length and checksum of the first frame, then magic, two versions, the kind of link and the sender's id. */
    static final int GREETING_BYTES = 4 + 4 + 4 + 2 + 2 + 1 + Short.BYTES;

    private static final int BUFFER_BYTES = 64 << 10;

    private final PeerNetwork network;
    private final Socket dialer;
    private final Socket listener;
    private final int from;
    private final int to;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean hasLostBytes;

    PeerConnection(PeerNetwork network, Socket dialer, Socket listener, int from, int to) {
        this.network = network;
        this.dialer = dialer;
        this.listener = listener;
        this.from = from;
        this.to = to;
    }

    /** Who sent this beginning of a first frame; 0 when it is too short for one. */
    static int sender(byte[] greeting) {
        if (greeting.length < GREETING_BYTES) {
            return 0;
        }
        return Short.toUnsignedInt(ByteBuffer.wrap(greeting).getShort(GREETING_BYTES - Short.BYTES));
    }

    /** Ends a connection in a way that the other side sees as an error, not as an orderly end. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyGone) {
            // That is what was wanted.
        }
    }

    /** Carries until the connection is over; {@code greeting} was read already. */
    void run(byte[] greeting) throws IOException {
        var answers = listener.getInputStream();
        var backwards = dialer.getOutputStream();
        PeerNetwork.daemon("peer-" + to + "-to-" + from, () -> carry(answers, backwards, to, from));
        var requests = new SequenceInputStream(new ByteArrayInputStream(greeting), dialer.getInputStream());
        carry(requests, listener.getOutputStream(), from, to);
    }

    /** A way has changed. */
    void reconsider() {
        var there = network.way(from, to);
        var back = network.way(to, from);
        var cut = there == Way.CUT || back == Way.CUT;
        var mended = there == Way.OPEN && back == Way.OPEN && hasLostBytes;
        if (cut || mended) {
            close();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            reset(dialer);
            reset(listener);
            network.closed(this);
        }
    }

    private void carry(InputStream in, OutputStream out, int sender, int receiver) {
        var buffer = new byte[BUFFER_BYTES];
        try {
            while (!isClosed()) {
                carry(read(in, buffer), buffer, out, sender, receiver);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private void carry(int read, byte[] buffer, OutputStream out, int sender, int receiver)
            throws InterruptedException {
        var way = network.awaitNotHeld(this, sender, receiver);
        if (read < 0) {
            network.awaitNews(this, sender, receiver);
            close();
        } else if (way == Way.LOST) {
            hasLostBytes = true;
        } else if (!write(out, buffer, read)) {
            // That the receiver is gone is news that travels the other way.
            network.awaitNews(this, receiver, sender);
            close();
        }
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException reset) {
            return -1;
        }
    }

    private static boolean write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
            return true;
        } catch (IOException reset) {
            return false;
        }
    }
}

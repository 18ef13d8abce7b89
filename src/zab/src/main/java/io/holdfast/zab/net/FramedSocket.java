package io.holdfast.zab.net;

import io.holdfast.zab.core.DiskId;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection that speaks in frames. Used on the context on which it was opened.
 *
 * <p>Until both ends have greeted each other it takes nothing longer than a greeting: the other end may be any process.
 */
final class FramedSocket {

    /** What is written and not yet taken by the network; above it the queues behind fill up instead. */
    private static final int WRITE_QUEUE_BYTES = 256 << 10;

    /** Hears what comes from the other end. */
    interface Receiver {

        /** A checked frame arrived; the buffer is valid during the call only. */
        void frame(ByteBuffer body) throws FrameException;

        /**
         * The connection ended, but not by {@link FramedSocket#close}. Last call; never made inside a call of the
         * owner's.
         */
        void ended(String reason);
    }

    /** The reason when nothing went wrong. */
    static final String CLOSED_BY_PEER = "closed by the peer";

    private final NetSocket socket;
    private final FrameDecoder decoder = new FrameDecoder(Greeting.BYTES_MAX);
    private Receiver receiver;
    private boolean open = true;
    private int version;
    private @Nullable DiskId peerDisk;
    private long heardAt = System.nanoTime();
    private String fault = CLOSED_BY_PEER;

    FramedSocket(NetSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
        socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
        socket.exceptionHandler(e -> fault = reason(e));
        socket.closeHandler(ignored -> end(fault));
        socket.handler(this::received);
    }

    /**
     * Both ends have greeted each other.
     *
     * @param disk that the peer greeted with
     * @param spoken version of the messages that both speak
     * @param bodyBytesMax the longest frame that the peer may send from here on
     */
    void agreed(DiskId disk, int spoken, int bodyBytesMax) {
        peerDisk = disk;
        version = spoken;
        decoder.bodyBytesMax(bodyBytesMax);
    }

    /** Returns the version of the messages on this connection; 0 before the greeting. */
    int version() {
        return version;
    }

    /** Returns the disk that the peer greeted with; null before the greeting. */
    @Nullable
    DiskId peerDisk() {
        return peerDisk;
    }

    /** Returns for how long nothing has come. */
    long silentNanos() {
        return System.nanoTime() - heardAt;
    }

    /** Gives what arrives from now on to another receiver. */
    void receiver(Receiver next) {
        receiver = next;
    }

    /** Runs {@code action} whenever a full write queue has room again. */
    void whenWritable(Runnable action) {
        socket.drainHandler(ignored -> action.run());
    }

    boolean isWritable() {
        return open && !socket.writeQueueFull();
    }

    boolean isOpen() {
        return open;
    }

    /** Copies whole frames out of the buffer and writes them in one piece. */
    void write(ByteBuffer frames) {
        if (open) {
            int length = frames.remaining();
            socket.write(Buffer.buffer(length)
                    .appendBytes(frames.array(), frames.arrayOffset() + frames.position(), length));
        }
    }

    void pauseReading(boolean pause) {
        if (pause) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    /** Ends the connection after what was written; nothing reaches the receiver any more. */
    void close() {
        if (open) {
            open = false;
            socket.close();
        }
    }

    String remote() {
        return String.valueOf(socket.remoteAddress());
    }

    boolean isSecured() {
        return socket.isSsl();
    }

    /** Returns what TLS knows of this connection and its other end; null when it is not secured. */
    @Nullable
    SSLSession tlsSession() {
        return socket.isSsl() ? socket.sslSession() : null;
    }

    /** Returns in one line why a connection failed. */
    static String reason(Throwable failure) {
        // A failure of TLS comes as the cause of one of decoding.
        Throwable e = failure.getCause() instanceof SSLException within ? within : failure;
        if (e instanceof NotSslRecordException) {
            return "it speaks without TLS, and this node requires it (holdfast.peer.tls.mode)";
        }
        String message = String.valueOf(e.getMessage());
        return e instanceof SSLException ? "TLS failed: " + Printable.of(message) : message;
    }

    private void received(Buffer bytes) {
        if (!open) {
            return;
        }
        heardAt = System.nanoTime();
        try {
            decoder.feed(bytes);
            for (ByteBuffer body = decoder.next(); body != null; body = open ? decoder.next() : null) {
                receiver.frame(body);
            }
        } catch (FrameException e) {
            end(e.reason());
        }
    }

    /** Ends the connection, and tells the receiver why; not inside a call of its owner's. */
    void end(String reason) {
        if (open) {
            close();
            receiver.ended(reason);
        }
    }
}

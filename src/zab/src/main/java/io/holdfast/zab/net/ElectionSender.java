package io.holdfast.zab.net;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Hello;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one-way connection on which this server tells one peer of its votes and hellos. Dialed when there is something to
 * say, again after every loss; only the newest message of each kind waits.
 */
final class ElectionSender {

    private static final long BACKOFF_MIN_MILLIS = 50;
    private static final long BACKOFF_MAX_MILLIS = 1_000;

    /** After a cut, TCP may stay silent for a minute; a peer that was not heard for so long gets a new connection. */
    private static final long SILENCE_NANOS = 2_000_000_000L;

    /** What waited for longer than this says nothing about now; the core repeats what still holds. */
    private static final long STALE_NANOS = 1_000_000_000L;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Dialer dialer;
    private final Complaints complaints;
    private final MessageEncoder encoder;
    private final Member peer;

    private @Nullable ElectionMessage hello;
    private @Nullable ElectionMessage notification;
    private long helloAt;
    private long notificationAt;

    private @Nullable FramedSocket socket;
    private boolean dialing;
    private boolean closed;
    private long timer = NO_TIMER;
    private long backoffMillis = BACKOFF_MIN_MILLIS;
    private long aliveAt;

    ElectionSender(Vertx vertx, Dialer dialer, Complaints complaints, MessageEncoder encoder, Member peer) {
        this.vertx = vertx;
        this.dialer = dialer;
        this.complaints = complaints;
        this.encoder = encoder;
        this.peer = peer;
    }

    Member peer() {
        return peer;
    }

    /** Takes a message, in place of an older one of its kind; {@link #flush} sends it. */
    void offer(ElectionMessage message) {
        long now = System.nanoTime();
        if (message instanceof Hello) {
            hello = message;
            helloAt = now;
        } else {
            notification = message;
            notificationAt = now;
        }
        if (socket != null && now - aliveAt > SILENCE_NANOS) {
            drop();
        }
        dialUnlessWaiting();
    }

    /** The peer said something on a connection of its own. */
    void heard() {
        aliveAt = System.nanoTime();
    }

    /** The peer opened a connection of its own: it can be reached again, so the back-off is over. */
    void arrived() {
        heard();
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
            backoffMillis = BACKOFF_MIN_MILLIS;
            dialUnlessWaiting();
        }
    }

    void flush() {
        FramedSocket open = socket;
        if (open == null || !open.isWritable()) {
            return;
        }
        long now = System.nanoTime();
        ElectionMessage vote = notification;
        if (vote != null && now - notificationAt < STALE_NANOS) {
            encoder.put(vote, open.version());
        }
        ElectionMessage alive = hello;
        if (alive != null && now - helloAt < STALE_NANOS) {
            encoder.put(alive, open.version());
        }
        notification = null;
        hello = null;
        if (!encoder.isEmpty()) {
            open.write(encoder.take());
        }
    }

    void close() {
        closed = true;
        drop();
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    /** Adds its connection, if it has one. */
    void addTo(List<FramedSocket> sockets) {
        if (socket != null) {
            sockets.add(socket);
        }
    }

    private void drop() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void dialUnlessWaiting() {
        if (closed || dialing || socket != null || timer != NO_TIMER) {
            return;
        }
        dialing = true;
        dialer.dial(peer, LinkKind.ELECTION, new Dialer.Outcome() {
            @Override
            public void opened(FramedSocket opened) {
                dialing = false;
                if (closed) {
                    opened.close();
                } else {
                    use(opened);
                }
            }

            @Override
            public void failed(String reason) {
                dialing = false;
                complaints.warn(
                        Complaints.Kind.UNREACHABLE,
                        "peer " + peer.id(),
                        "cannot reach " + peer.address() + ": " + reason);
                rest();
            }
        });
    }

    private void use(FramedSocket opened) {
        socket = opened;
        aliveAt = System.nanoTime();
        backoffMillis = BACKOFF_MIN_MILLIS;
        opened.whenWritable(this::flush);
        opened.receiver(new FramedSocket.Receiver() {
            @Override
            public void frame(ByteBuffer body) throws FrameException {
                throw new FrameException("a one-way connection says something");
            }

            @Override
            public void ended(String reason) {
                if (socket == opened) {
                    socket = null;
                    rest();
                }
            }
        });
        flush();
    }

    private void rest() {
        if (closed || timer != NO_TIMER) {
            return;
        }
        timer = vertx.setTimer(backoffMillis, ignored -> {
            timer = NO_TIMER;
            dialUnlessWaiting();
        });
        backoffMillis = Math.min(2 * backoffMillis, BACKOFF_MAX_MILLIS);
    }
}

package io.holdfast.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Lets clients in at one listening socket. It stops accepting while there are as many connections as may be, or while
 * descriptors are short: new ones wait in the kernel's queue, which costs this process nothing. Connections that are
 * silent or slow it ends. On the event loop of the listening socket, but for connections that end on their own.
 */
final class Door extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger("io.holdfast.http");
    private static final long SWEEP_MILLIS = 500;

    /** A kept connection without a request for so long makes room when others wait. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Idle connections that one sweep ends to make room. */
    private static final int MAKE_ROOM = 64;

    /** A stop of accepting is logged so often at most. */
    private static final long COMPLAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Channel listening;
    private final int max;
    private final long limitNanos;
    private final Descriptors descriptors;
    private final LongSupplier nanos;
    private final Consumer<Fault> onFault;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    /** Written on the event loop of the listening socket only, together with its automatic reading. */
    private volatile boolean paused;

    private volatile long sweptAt;
    private final LongAdder pauses = new LongAdder();
    private long complainedAt;

    /**
     * Creates a door that is not installed.
     *
     * @param max connections at a time
     * @param limitNanos how long the head of a request may take
     */
    Door(
            Channel listening,
            int max,
            long limitNanos,
            Descriptors descriptors,
            LongSupplier nanos,
            Consumer<Fault> onFault) {
        this.listening = listening;
        this.max = max;
        this.limitNanos = limitNanos;
        this.descriptors = descriptors;
        this.nanos = nanos;
        this.onFault = onFault;
        this.sweptAt = nanos.getAsLong();
        this.complainedAt = sweptAt - COMPLAIN_NANOS;
    }

    /** Begins to watch; what was accepted before is not watched. */
    void install() {
        // One at a time: a batch would be accepted whole, however few descriptors are left.
        MaxMessagesRecvByteBufAllocator accepting = listening.config().getRecvByteBufAllocator();
        accepting.maxMessagesPerRead(1);
        listening.pipeline().addFirst(this);
        Future<?> sweeping =
                PeriodicTask.schedule(listening.eventLoop(), SWEEP_MILLIS, "the sweep of connections", this::sweep);
        listening.closeFuture().addListener(closed -> sweeping.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
        if (accepted instanceof Channel channel) {
            Connection connection = new Connection(channel, nanos);
            channel.attr(Connection.KEY).set(connection);
            channel.pipeline().addFirst(connection);
            open.add(connection);
            count.incrementAndGet();
            descriptors.taken();
            channel.closeFuture().addListener(closed -> left(connection));
            if (isFull()) {
                pause();
            }
        }
        super.channelRead(context, accepted);
    }

    private void left(Connection connection) {
        open.remove(connection);
        count.decrementAndGet();
        descriptors.given();
        if (paused && listening.isOpen()) {
            // On another event loop: a resume there could come between the two steps of a pause here, and be lost.
            listening.eventLoop().execute(this::resume);
        }
    }

    private boolean isFull() {
        return count.get() >= max || descriptors.spare(nanos.getAsLong()) <= 0;
    }

    private void pause() {
        if (!paused) {
            paused = true;
            pauses.increment();
            long now = nanos.getAsLong();
            if (now - complainedAt >= COMPLAIN_NANOS) {
                complainedAt = now;
                LOG.warnf(
                        "No more connections are accepted for now: %d are open of %d that may be, and %d descriptors"
                                + " are left above the reserve. New ones wait.",
                        count.get(), max, descriptors.spare(now));
            }
        }
        // Also when it is paused: a second after an accept failed, Netty reads again.
        listening.config().setAutoRead(false);
    }

    private void resume() {
        if (paused && !isFull()) {
            paused = false;
            listening.config().setAutoRead(true);
        }
    }

    void sweep() {
        long now = nanos.getAsLong();
        sweptAt = now;
        for (Connection connection : open) {
            Fault fault = connection.fault(now, limitNanos);
            if (fault != null) {
                end(connection, fault);
            }
        }
        // First without ending any: a connection that left may not have seen the pause that it makes up for.
        resume();
        if (paused) {
            makeRoom(now);
            resume();
        }
    }

    private void makeRoom(long now) {
        open.stream()
                .filter(connection -> connection.isIdle(now, IDLE_NANOS))
                // Each is asked once: others go on meanwhile, and an order that changes is none.
                .map(connection -> new Idle(connection, connection.idleSince()))
                .sorted(Comparator.comparingLong(Idle::since))
                .limit(MAKE_ROOM)
                .map(Idle::connection)
                .filter(connection -> connection.isIdle(now, IDLE_NANOS))
                .forEach(connection -> end(connection, Fault.MAKES_ROOM));
    }

    private record Idle(Connection connection, long since) {}

    private void end(Connection connection, Fault fault) {
        onFault.accept(fault);
        connection.close();
    }

    /** Returns how many connections are open; any thread. */
    int open() {
        return count.get();
    }

    /** Returns how often accepting was stopped; any thread. */
    long pauses() {
        return pauses.sum();
    }

    /** Returns whether accepting is paused; any thread. */
    boolean isPaused() {
        return paused;
    }

    /** Returns when its event loop last ran a sweep; any thread. */
    long sweptAt() {
        return sweptAt;
    }
}

package io.holdfast.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, first in its pipeline: it notes when bytes come, so that one that says nothing, or says it
 * too slowly, is found. Written on the connection's event loop, read by any thread.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** Finds it by its channel. */
    static final AttributeKey<Connection> KEY = AttributeKey.valueOf("holdfast.connection");

    /** No byte of a next request has come. */
    private static final long NONE = Long.MIN_VALUE;

    private final Channel channel;
    private final LongSupplier nanos;
    private final AtomicInteger inProgress = new AtomicInteger();
    private volatile long firstByteAt = NONE;

    /** When it was accepted, or when its last request ended. */
    private volatile long idleSince;

    private volatile boolean served;

    /** Bytes that came, those until the last head but one was complete, and those from then to the last one. */
    private long received;

    private long receivedBefore;
    private long headBytes;

    /** HTTP/2: a frame that comes between two requests begins none. */
    private volatile boolean multiplexed;

    Connection(Channel channel, LongSupplier nanos) {
        this.channel = channel;
        this.nanos = nanos;
        this.idleSince = nanos.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
        if (firstByteAt == NONE && inProgress.get() == 0) {
            firstByteAt = nanos.getAsLong();
        }
        if (bytes instanceof ByteBuf buffer) {
            received += buffer.readableBytes();
        }
        super.channelRead(context, bytes);
    }

    /** Notes that the head of a request is complete, and returns when its first byte came. */
    long begun(long now, boolean isHttp2) {
        // Between two requests of HTTP/2 come frames that are of none: only the first head has a first byte that is
        // known.
        long first = multiplexed ? NONE : firstByteAt;
        inProgress.incrementAndGet();
        headBytes = received - receivedBefore;
        receivedBefore = received;
        firstByteAt = NONE;
        served = true;
        multiplexed = isHttp2;
        return first == NONE ? now : first;
    }

    /** Returns how many bytes came between the last two heads. */
    long headBytes() {
        return headBytes;
    }

    /** Notes that a request was answered, or never will be. */
    void ended(long now) {
        idleSince = now;
        inProgress.decrementAndGet();
    }

    /**
     * Returns what makes this connection one to end.
     *
     * @param limitNanos how long a head may take from its first byte, and the first one from the connection's begin
     * @return null when nothing does
     */
    @Nullable
    Fault fault(long now, long limitNanos) {
        long first = firstByteAt;
        if (inProgress.get() > 0) {
            return null;
        }
        if (!served && now - idleSince > limitNanos) {
            return first == NONE ? Fault.SILENT : Fault.SLOW_HEAD;
        }
        return first != NONE && !multiplexed && now - first > limitNanos ? Fault.SLOW_HEAD : null;
    }

    /** Returns whether it has been without a request for so long, after it had one. */
    boolean isIdle(long now, long forNanos) {
        return served && inProgress.get() == 0 && (multiplexed || firstByteAt == NONE) && now - idleSince > forNanos;
    }

    long idleSince() {
        return idleSince;
    }

    /** Ends it; how that went is of no interest, since its end is told in any case. */
    void close() {
        channel.close().addListener(ended -> {});
    }
}

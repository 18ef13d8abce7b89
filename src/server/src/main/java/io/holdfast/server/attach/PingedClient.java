package io.holdfast.server.attach;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of an HTTP/2 connection: a PING is sent with each renewal, and before the next one its answer, or
 * anything else that the client sends, must have come. So it is the client's process that is asked and not its kernel,
 * and what other streams of the connection have on their way does not count against it: it makes an answer late, and
 * what the client sends while it takes that is a sign as well.
 */
final class PingedClient implements SignOfLife {

    private static final Buffer PING = Buffer.buffer("attached");

    private final HttpConnection connection;
    private final @Nullable Reads reads;

    /** A PING is not answered yet. */
    private boolean owesAnswer;

    private long readsBefore;

    PingedClient(HttpConnection connection) {
        this.connection = connection;
        this.reads = connection instanceof ConnectionBase base ? Reads.of(base.channel()) : null;
    }

    /** Counts what comes from one client; on the event loop of its channel. */
    private static final class Reads extends ChannelInboundHandlerAdapter {
        private long count;

        private static Reads of(Channel channel) {
            Reads known = channel.pipeline().get(Reads.class);
            if (known == null) {
                known = new Reads();
                channel.pipeline().addFirst(known);
            }
            return known;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            count++;
            context.fireChannelRead(message);
        }
    }

    @Override
    public Future<Boolean> isThere() {
        long heard = reads == null ? 0 : reads.count;
        if (owesAnswer && heard == readsBefore) {
            return Future.succeededFuture(false);
        }
        readsBefore = heard;
        if (!owesAnswer) {
            owesAnswer = true;
            connection.ping(PING).onSuccess(answer -> owesAnswer = false);
        }
        return Future.succeededFuture(true);
    }
}

package io.holdfast.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Tells the reader of a body over HTTP/2 that the bytes that it is given are the last ones. The HTTP server lets nobody
 * pause a request whose end was delivered, and what handles requests pauses each of them; so the reader stops before
 * the end. All methods run on the event loop of the connection.
 */
public final class LastFrames extends Http2FrameListenerDecorator {

    private static final AttributeKey<LastFrames> KEY = AttributeKey.valueOf("holdfast.last-frames");

    /** No stream has this id. */
    private static final int NONE = -1;

    /** The stream whose last frame of data is being delivered. */
    private int ending = NONE;

    private LastFrames(Http2FrameListener next) {
        super(next);
    }

    /**
     * Watches the connection of a request from now on.
     *
     * @return null when it is none of HTTP/2
     */
    public static @Nullable LastFrames of(HttpServerRequest request) {
        Http2ConnectionHandler handler = handler(request);
        if (handler == null || !(request.connection() instanceof ConnectionBase connection)) {
            return null;
        }
        Channel channel = connection.channel();
        LastFrames frames = channel.attr(KEY).get();
        if (frames == null) {
            frames = new LastFrames(handler.decoder().frameListener());
            channel.attr(KEY).set(frames);
            handler.decoder().frameListener(frames);
        }
        return frames;
    }

    /** Returns whether nothing can follow the head of a request over HTTP/2. */
    public static boolean isHeadOnly(HttpServerRequest request) {
        Http2ConnectionHandler handler = handler(request);
        Http2Stream stream = handler == null ? null : handler.connection().stream(request.streamId());
        return stream != null && !stream.state().remoteSideOpen();
    }

    private static @Nullable Http2ConnectionHandler handler(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection
                ? connection.channel().pipeline().get(Http2ConnectionHandler.class)
                : null;
    }

    /** Returns whether the bytes of this request that are being delivered are its last ones. */
    public boolean isEnding(HttpServerRequest request) {
        return ending == request.streamId();
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean isLast)
            throws Http2Exception {
        ending = isLast ? stream : NONE;
        try {
            return super.onDataRead(context, stream, data, padding, isLast);
        } finally {
            ending = NONE;
        }
    }
}

package io.holdfast.server.stream;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerResponse;

/** The body of an HTTP answer; its write queue is the only buffer that a reader has. */
public final class HttpOutlet implements Outlet {

    private final HttpServerResponse response;

    /** Makes the body of {@code response}, whose head is complete but not written. */
    public HttpOutlet(HttpServerResponse response, int bufferBytes) {
        this.response = response.setChunked(true).setWriteQueueMaxSize(bufferBytes);
    }

    /** Has {@code drained} run on the response's context whenever it was full and is not any more. */
    public HttpOutlet onDrain(Runnable drained) {
        response.drainHandler(v -> drained.run());
        return this;
    }

    @Override
    public void write(Buffer bytes) {
        if (!response.ended() && !response.closed()) {
            response.write(bytes);
        }
    }

    @Override
    public void write(ByteBuf shared) {
        if (response.ended() || response.closed()) {
            shared.release();
            return;
        }
        // What the response does with a buffer that is not its own counts no references.
        response.write(BufferImpl.buffer(shared)).onComplete(written -> shared.release());
    }

    @Override
    public boolean isFull() {
        return !response.ended() && !response.closed() && response.writeQueueFull();
    }

    @Override
    public void end() {
        if (!response.ended() && !response.closed()) {
            response.end();
        }
    }

    @Override
    public void cut() {
        response.reset();
    }
}

package io.holdfast.server.stream;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;

/** Where the bytes of one stream go. Used on the reader's context. */
public interface Outlet {

    /** Takes bytes, also when it is full: its owner asks first. */
    void write(Buffer bytes);

    /** As {@link #write(Buffer)}, for bytes that others have too: takes them over, and releases them once written. */
    void write(ByteBuf shared);

    /** Returns whether as many bytes wait as may; whoever fills it hears when they have gone. */
    boolean isFull();

    /** All was said. */
    void end();

    /** Ends it at once, whatever still waits. */
    void cut();
}

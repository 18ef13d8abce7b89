package io.holdfast.server.history;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One message of a stream, encoded once for all its readers. Its bytes never change; any thread may read them. */
public final class Message {

    /** Outside of the heap, so that a socket takes them as they are; freed when released, or with the message. */
    private static final ByteBufAllocator SHARED = new UnpooledByteBufAllocator(true, true, false);

    private static final int FRAME = 64;
    private static final int END = 2;

    private final String event;
    private final @Nullable String id;
    private final ByteBuf sse;
    private final int dataFrom;

    private Message(String event, @Nullable String id, ByteBuf sse, int dataFrom) {
        this.event = event;
        this.id = id;
        this.sse = sse;
        this.dataFrom = dataFrom;
    }

    /**
     * Encodes a message for one reader.
     *
     * @param event its type
     * @param id where a reader goes on after it; null when it must not go on from here
     * @param data JSON in ASCII on one line
     */
    public static Message of(String event, @Nullable String id, CharSequence data) {
        StringBuilder text = text(event, id, data);
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        return new Message(event, id, Unpooled.wrappedBuffer(bytes), bytes.length - END - data.length());
    }

    /** As {@link #of}, for many readers: they all write the same bytes. */
    static Message shared(String event, @Nullable String id, CharSequence data) {
        StringBuilder text = text(event, id, data);
        ByteBuf bytes = SHARED.directBuffer(text.length(), text.length());
        bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
        return new Message(event, id, bytes, text.length() - END - data.length());
    }

    private static StringBuilder text(String event, @Nullable String id, CharSequence data) {
        StringBuilder text = new StringBuilder(data.length() + FRAME);
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        return text.append("event: ")
                .append(event)
                .append("\ndata: ")
                .append(data)
                .append("\n\n");
    }

    public String event() {
        return event;
    }

    /** Returns where a reader goes on after it; null when it must not go on from here. */
    public @Nullable String id() {
        return id;
    }

    /**
     * Returns the message as a Server-Sent Event, for the caller to release.
     *
     * @return null when history has forgotten it meanwhile
     */
    public @Nullable ByteBuf sse() {
        try {
            return sse.retainedDuplicate();
        } catch (IllegalReferenceCountException released) {
            return null;
        }
    }

    /** Returns the JSON of the data, as {@link #sse} does the whole. */
    public @Nullable ByteBuf data() {
        try {
            return sse.retainedSlice(dataFrom, sse.writerIndex() - END - dataFrom);
        } catch (IllegalReferenceCountException released) {
            return null;
        }
    }

    /** Releases the bytes; readers that write a duplicate hold a reference of their own. */
    void release() {
        sse.release();
    }
}

package io.holdfast.server.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader is given next: pieces of bytes that it shares with other readers, put together without being copied.
 * Used on the reader's context.
 */
final class Outbox {

    private final List<ByteBuf> pieces = new ArrayList<>();
    private int bytes;

    /** Adds bytes and takes them over. */
    void add(ByteBuf piece) {
        pieces.add(piece);
        bytes += piece.readableBytes();
    }

    /** Adds text in ASCII. */
    void add(String text) {
        add(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns how many bytes it has. */
    int bytes() {
        return bytes;
    }

    /** Returns all of it, for the caller to release, and begins anew. */
    ByteBuf take() {
        ByteBuf all = Unpooled.wrappedBuffer(pieces.size(), pieces.toArray(ByteBuf[]::new));
        pieces.clear();
        bytes = 0;
        return all;
    }

    /** Lets go of all of it. */
    void clear() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        bytes = 0;
    }
}

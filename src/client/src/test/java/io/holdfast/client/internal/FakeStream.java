package io.holdfast.client.internal;

import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A stream of a test's own words. On one loop. */
final class FakeStream implements TransportStream {

    private final Loop loop;
    private final int status;
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private CompletableFuture<byte[]> asked;
    private boolean ended;
    private boolean closed;
    int taken;

    /** One whose answer begins with these words, and is complete if it is no success. */
    FakeStream(Loop loop, int status, String words) {
        this.loop = loop;
        this.status = status;
        say(words);
        if (status != 200) {
            end();
        }
    }

    void say(String words) {
        if (!words.isEmpty()) {
            pieces.add(words.getBytes(StandardCharsets.UTF_8));
        }
        give();
    }

    void say(String event, String id, String data) {
        say((id == null ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: " + data + "\n\n");
    }

    void end() {
        ended = true;
        give();
    }

    boolean isClosed() {
        return closed;
    }

    private void give() {
        CompletableFuture<byte[]> to = asked;
        if (to == null || (pieces.isEmpty() && !ended)) {
            return;
        }
        asked = null;
        taken++;
        byte[] piece = pieces.isEmpty() ? new byte[0] : pieces.remove();
        loop.schedule(1, () -> to.complete(piece));
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<byte[]> next(Duration silence) {
        CompletableFuture<byte[]> next = new CompletableFuture<>();
        asked = next;
        loop.schedule(
                silence.toMillis(),
                () -> next.completeExceptionally(new TransportException("nothing came", true, null)));
        give();
        return next;
    }

    @Override
    public void close() {
        closed = true;
        ended = true;
    }
}

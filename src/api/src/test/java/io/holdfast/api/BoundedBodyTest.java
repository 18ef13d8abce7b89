package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {

    private boolean cancelled;

    private final BoundedBody body = new BoundedBody(4);
    private final CompletableFuture<byte[]> collected = body.getBody().toCompletableFuture();

    private final Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long items) {
            // All of it at once.
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    };

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @Test
    void whatFitsIsCollectedInOrder() {
        body.onSubscribe(subscription);
        body.onNext(List.of(bytes(1), bytes(2, 3)));
        body.onNext(List.of(bytes(4)));
        assertFalse(collected.isDone());
        body.onComplete();
        assertArrayEquals(new byte[] {1, 2, 3, 4}, collected.join());
        assertFalse(cancelled);
    }

    @Test
    void aLongerOneFailsAtOnceAndNothingMoreIsTaken() {
        body.onSubscribe(subscription);
        body.onNext(List.of(bytes(1, 2, 3), bytes(4, 5)));
        assertTrue(cancelled);
        body.onNext(List.of(bytes(6)));
        body.onComplete();
        assertEquals("an answer of more than 4 bytes", failure().getMessage());
    }

    @Test
    void aConnectionThatBreaksIsItsFailure() {
        body.onSubscribe(subscription);
        body.onNext(List.of(bytes(1)));
        body.onError(new IOException("reset"));
        assertEquals("reset", failure().getMessage());
    }

    private Throwable failure() {
        return assertThrows(CompletionException.class, collected::join).getCause();
    }
}

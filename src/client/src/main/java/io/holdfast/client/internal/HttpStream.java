package io.holdfast.client.internal;

import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The body of an answer, read piece by piece as it is asked for. Any thread. */
final class HttpStream implements TransportStream, HttpResponse.BodySubscriber<HttpStream> {

    private static final byte[] END = new byte[0];

    private final int status;
    private final HttpHeaders headers;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable CompletableFuture<byte[]> asked;
    private boolean closed;
    private boolean complete;
    private @Nullable Throwable failure;

    HttpStream(HttpResponse.ResponseInfo head) {
        this.status = head.statusCode();
        this.headers = head.headers();
    }

    /** Completes when nothing more comes, for whatever reason. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    @Override
    public CompletableFuture<byte[]> next(Duration silence) {
        CompletableFuture<byte[]> next = new CompletableFuture<>();
        Flow.Subscription from;
        synchronized (this) {
            Throwable known = failure;
            if (known != null) {
                return CompletableFuture.failedFuture(known);
            }
            if (complete) {
                return CompletableFuture.completedFuture(END);
            }
            asked = next;
            from = subscription;
        }
        Futures.onComplete(next.orTimeout(Math.max(1, silence.toMillis()), TimeUnit.MILLISECONDS), (piece, missing) -> {
            if (missing instanceof TimeoutException) {
                fail(new TransportException("nothing came for " + silence, true, missing));
            }
        });
        if (from != null) {
            from.request(1);
        }
        CompletableFuture<byte[]> told = new CompletableFuture<>();
        Futures.onComplete(next, (piece, missing) -> {
            if (missing == null) {
                told.complete(piece);
            } else {
                told.completeExceptionally(
                        missing instanceof TransportException
                                ? missing
                                : new TransportException("nothing came for " + silence, true, missing));
            }
        });
        return told;
    }

    @Override
    public void close() {
        fail(new TransportException("the stream is closed", true, null));
    }

    private void fail(TransportException why) {
        CompletableFuture<byte[]> waiting;
        Flow.Subscription from;
        synchronized (this) {
            if (complete || closed) {
                return;
            }
            closed = true;
            failure = failure == null ? why : failure;
            waiting = asked;
            asked = null;
            from = subscription;
        }
        if (from != null) {
            from.cancel();
        }
        if (waiting != null) {
            waiting.completeExceptionally(why);
        }
        ended.complete(null);
    }

    // ---- what the HTTP client calls ----

    @Override
    public CompletionStage<HttpStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        boolean wanted;
        boolean over;
        synchronized (this) {
            subscription = to;
            wanted = asked != null;
            over = closed;
        }
        if (over) {
            to.cancel();
        } else if (wanted) {
            to.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer buffer : buffers) {
            byte[] piece = new byte[buffer.remaining()];
            buffer.get(piece);
            bytes.write(piece, 0, piece.length);
        }
        Flow.Subscription more = null;
        CompletableFuture<byte[]> waiting;
        synchronized (this) {
            waiting = asked;
            if (bytes.size() == 0) {
                more = subscription;
            } else {
                asked = null;
            }
        }
        if (more != null) {
            more.request(1);
        } else if (waiting != null) {
            waiting.complete(bytes.toByteArray());
        }
    }

    @Override
    public void onError(Throwable error) {
        fail(new TransportException(String.valueOf(error), true, error instanceof IOException ? error : null));
    }

    @Override
    public void onComplete() {
        CompletableFuture<byte[]> waiting;
        synchronized (this) {
            complete = true;
            waiting = asked;
            asked = null;
        }
        if (waiting != null) {
            waiting.complete(END);
        }
        ended.complete(null);
    }
}

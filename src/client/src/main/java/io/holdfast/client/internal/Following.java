package io.holdfast.client.internal;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Problem;
import io.holdfast.api.SseMessage;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import io.holdfast.client.spi.TransportStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream of Server-Sent Events after the other, at any node, for as long as its reader wants: a stream that
 * ends, says nothing or says nonsense is followed by another one. Nothing is read ahead of its reader. On the loop.
 */
final class Following {

    private static final System.Logger LOG = System.getLogger(Following.class.getName());

    /** A stream that lasted so long was a good one: the next failure is the first again. */
    private static final long GOOD_MILLIS = 1_000;

    private static final Duration HEAD_WITHIN = Duration.ofMillis(Call.TRY_MILLIS);

    /** The server sends it a while, at most 30 s, before it ends a stream whose credential expires. */
    private static final String REAUTHENTICATE = "reauthenticate";

    /** So long after that another stream is opened: what replaces credentials has had time to, and some is left. */
    private static final long RENEWAL_MILLIS = 10_000;

    /** Bytes of a refusal at most. */
    private static final int REFUSAL_BYTES_MAX = 64 << 10;

    /** What is done with the streams. On the loop. */
    interface Reader {
        /** Path and query of the next stream: it goes on where the last one ended. */
        String target();

        /**
         * Takes messages, in order.
         *
         * @param more runs on the loop once the next ones may come
         * @throws MalformedJsonException when one is none of the API: the stream is given up
         */
        void messages(List<SseMessage> messages, Runnable more) throws MalformedJsonException;

        /** The server refuses the stream as it is; it is not followed any more. */
        void refused(Reply refusal);
    }

    private final Loop loop;
    private final Caller caller;
    private final Reader reader;
    private final Duration silence;
    private final Map<String, String> headers;
    private @Nullable TransportStream present;

    /** The next bytes of it are asked for, and its reader has taken all before. */
    private boolean reading;

    /** The credential of the present stream ends: the next one is to be opened with a new one. */
    private boolean isDue;

    /** When the last try began. */
    private Mark began;

    private int attempt;
    private int failures;
    private boolean anew;
    private boolean closed;

    /**
     * Creates one that has not begun.
     *
     * @param silence how long a stream may say nothing
     * @param headers of the program
     */
    Following(Loop loop, Caller caller, Reader reader, Duration silence, Map<String, String> headers) {
        this.loop = loop;
        this.caller = caller;
        this.reader = reader;
        this.silence = silence;
        this.headers = headers;
        this.began = loop.now();
    }

    /** Opens the next stream. */
    void open() {
        if (closed) {
            return;
        }
        began = loop.now();
        URI node = caller.nodes().get(attempt);
        TransportRequest request = Call.of("GET", reader.target(), "")
                .headers(headers)
                .header("Accept", "text/event-stream")
                .held(0)
                .request();
        Futures.onComplete(caller.open(node, request, HEAD_WITHIN, anew), (stream, failure) -> {
            if (stream == null) {
                again(node + ": " + failure, 0);
            } else if (closed) {
                stream.close();
            } else if (stream.status() == 200) {
                anew = false;
                isDue = false;
                present = stream;
                read(stream, new SseStream());
            } else {
                refusal(node, stream, new ByteArrayOutputStream());
            }
        });
    }

    /** Follows no more. */
    void close() {
        closed = true;
        drop();
    }

    private void drop() {
        TransportStream stream = present;
        present = null;
        reading = false;
        if (stream != null) {
            stream.close();
        }
    }

    private void read(TransportStream stream, SseStream lines) {
        if (stream != present) {
            return;
        }
        if (isDue) {
            renew();
            return;
        }
        reading = true;
        Futures.onComplete(
                stream.next(silence), (piece, failure) -> loop.execute(() -> took(stream, lines, piece, failure)));
    }

    private void took(TransportStream stream, SseStream lines, byte @Nullable [] piece, @Nullable Throwable failure) {
        if (stream != present) {
            return;
        }
        reading = false;
        if (piece == null || piece.length == 0) {
            drop();
            again(piece == null ? String.valueOf(failure) : "the stream ended", 0);
            return;
        }
        try {
            List<SseMessage> messages = lines.take(piece);
            if (messages.stream().anyMatch(message -> message.event().equals(REAUTHENTICATE))) {
                loop.schedule(RENEWAL_MILLIS, () -> renew(stream));
            }
            if (messages.isEmpty()) {
                read(stream, lines);
            } else {
                reader.messages(messages, () -> read(stream, lines));
            }
        } catch (MalformedJsonException e) {
            drop();
            again("a message that is none, " + e.getMessage(), 0);
        }
    }

    /** Follows a stream by another one with a new credential, once its reader has taken what came. */
    private void renew(TransportStream stream) {
        if (stream == present) {
            isDue = true;
            if (reading) {
                renew();
            }
        }
    }

    private void renew() {
        drop();
        anew = true;
        open();
    }

    /** Reads what a node says in place of a stream. */
    private void refusal(URI node, TransportStream stream, ByteArrayOutputStream body) {
        Futures.onComplete(
                stream.next(Duration.ofMillis(Call.TRY_MILLIS)),
                (piece, failure) -> loop.execute(() -> {
                    if (piece != null && piece.length > 0 && body.size() <= REFUSAL_BYTES_MAX) {
                        body.write(piece, 0, piece.length);
                        refusal(node, stream, body);
                    } else {
                        stream.close();
                        refused(node, stream, body.toByteArray());
                    }
                }));
    }

    private void refused(URI node, TransportStream stream, byte[] body) {
        Reply refusal = refusal(node, stream, body, began);
        if (refusal.status() == 401 && !anew) {
            anew = true;
            open();
        } else if (isFinal(refusal)) {
            if (!closed) {
                close();
                reader.refused(refusal);
            }
        } else {
            again(node + ": " + refusal.response(), Caller.retryAfterMillis(refusal.response()));
        }
    }

    /** Whether another node would say the same. */
    static boolean isFinal(Reply refusal) {
        return refusal.status() >= 400
                && refusal.status() < 500
                && refusal.status() != 408
                && !Caller.isRateLimited(refusal)
                && refusal.problem().isPresent();
    }

    /** What a node said in place of a stream. */
    static Reply refusal(URI node, TransportStream stream, byte[] body, Mark asked) {
        Map<String, String> headers = stream.header("Retry-After")
                .map(after -> Map.of("Retry-After", after))
                .orElse(Map.of());
        TransportResponse response = new TransportResponse(stream.status(), headers, body);
        return new Reply(stream.status(), response, problem(body), node, asked, false);
    }

    private static Optional<Problem> problem(byte[] body) {
        try {
            return Optional.of(Json.read(body, Problem::read));
        } catch (MalformedJsonException e) {
            LOG.log(System.Logger.Level.DEBUG, "a refusal that is none", e);
            return Optional.empty();
        }
    }

    private void again(String why, long retryAfterMillis) {
        if (closed) {
            return;
        }
        LOG.log(System.Logger.Level.DEBUG, "a stream is followed by another one: {0}", why);
        failures = began.millisUntil(loop.now()) >= GOOD_MILLIS ? 0 : failures + 1;
        attempt++;
        int round = failures / caller.nodes().size();
        long pause = round == 0 ? 0 : Backoff.millis(round - 1, loop.random());
        loop.schedule(Math.max(pause, retryAfterMillis), this::open);
    }
}

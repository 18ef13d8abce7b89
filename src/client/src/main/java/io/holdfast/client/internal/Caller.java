package io.holdfast.client.internal;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Problem;
import io.holdfast.api.Revision;
import io.holdfast.client.Credential;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.ClientObserver;
import io.holdfast.client.spi.Transport;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import io.holdfast.client.spi.TransportStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to one node after the other until one says what became of it. Used on the loop, which also completes
 * its futures.
 */
final class Caller {

    private static final System.Logger LOG = System.getLogger(Caller.class.getName());

    private static final long RETRY_AFTER_SECONDS_MAX = 60;

    /** How long the client waits at least before it calls a node again that rate-limited it. */
    private static final long RATE_LIMITED_MILLIS_MIN = 100;

    private final Loop loop;
    private final Transport transport;
    private final Nodes nodes;
    private final Credential credential;
    private final Conduct conduct;
    private final Discovery discovery;

    /** The latest revision of an answer to something that this client changed; null before the first. */
    private volatile @Nullable Revision written;

    Nodes nodes() {
        return nodes;
    }

    Caller(Loop loop, Transport transport, Nodes nodes, ClientOptions options, Conduct conduct) {
        this.loop = loop;
        this.transport = transport;
        this.nodes = nodes;
        this.credential = options.credential();
        this.conduct = conduct;
        this.discovery = new Discovery(loop, transport, nodes, options.discover());
    }

    /** The revision that has all that this client changed; empty when it changed nothing. Any thread. */
    Optional<Revision> written() {
        return Optional.ofNullable(written);
    }

    /** Forgets that revision: no node reaches it. */
    void forgetWritten() {
        written = null;
    }

    /** Returns the answer; fails with an {@link UnavailableException} when there is none in time. */
    CompletableFuture<Reply> call(Call call) {
        Tries tries = new Tries(call, loop.now());
        tries.next();
        return tries.result;
    }

    /** Sends a request once, to one node; completes on the loop. */
    CompletableFuture<TransportResponse> send(URI node, TransportRequest request, long millis, boolean anew) {
        discovery.look((to, question, within) -> carry(to, question, within, false));
        return carry(node, request, millis, anew);
    }

    private CompletableFuture<TransportResponse> carry(URI node, TransportRequest request, long millis, boolean anew) {
        Mark sent = loop.now();
        return onLoop(
                () -> transport.send(node, authorized(node, request, anew), Duration.ofMillis(millis)),
                (response, failure) -> {
                    if (response != null && !request.method().equals("GET")) {
                        response.header("Holdfast-Revision").ifPresent(this::wrote);
                    }
                    told(node, request, sent, response == null ? 0 : response.status());
                });
    }

    /** Opens a stream at one node; completes on the loop. */
    CompletableFuture<TransportStream> open(URI node, TransportRequest request, Duration within, boolean anew) {
        Mark sent = loop.now();
        return onLoop(
                () -> transport.open(node, authorized(node, request, anew), within),
                (stream, failure) -> told(node, request, sent, stream == null ? 0 : stream.status()));
    }

    private void told(URI node, TransportRequest request, Mark sent, int status) {
        if (!conduct.isObserved()) {
            return;
        }
        Duration took = Duration.ofNanos(sent.nanosUntil(loop.now()));
        conduct.call(new ClientObserver.Exchange(
                request.method(), Routes.of(request.target()), node.toString(), status, took));
    }

    private <T> CompletableFuture<T> onLoop(
            Supplier<CompletableFuture<T>> action, BiConsumer<@Nullable T, @Nullable Throwable> first) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            Futures.onComplete(
                    action.get(),
                    (value, failure) -> loop.execute(() -> {
                        first.accept(value, failure);
                        if (failure == null) {
                            result.complete(value);
                        } else {
                            result.completeExceptionally(failure);
                        }
                    }));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private void wrote(String revision) {
        try {
            Revision next = Revision.parse(revision);
            Revision known = written;
            if (known == null || next.compareTo(known) > 0) {
                written = next;
            }
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "an answer without a revision", e);
        }
    }

    private TransportRequest authorized(URI node, TransportRequest request, boolean anew) {
        // An endpoint was checked when the client was built; a node that was named later is not trusted that far.
        boolean permitted = nodes.configured().contains(node) || Clients.isSecret(node);
        String authorization = permitted ? credential.authorization(anew) : "";
        if (authorization.isEmpty()) {
            return request;
        }
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("Authorization", authorization);
        return new TransportRequest(request.kind(), request.method(), request.target(), headers, request.body());
    }

    private final class Tries {
        private final CompletableFuture<Reply> result = new CompletableFuture<>();
        private final Call call;
        private final Mark began;
        private int attempt;
        private long notBefore = Long.MAX_VALUE;
        private boolean unknown;
        private boolean anew;
        private String last = "nothing";

        private Tries(Call call, Mark began) {
            this.call = call;
            this.began = began;
        }

        private long leftMillis() {
            return call.deadlineMillis() - began.millisUntil(loop.now());
        }

        private void next() {
            if (result.isDone()) {
                return;
            }
            long left = leftMillis();
            if (left <= 0) {
                String what = call.request().method() + " " + call.request().target();
                result.completeExceptionally(new UnavailableException(
                        "no node answered " + what + " within " + call.deadlineMillis() + " ms; the last: " + last,
                        unknown));
                return;
            }
            URI node = nodes.get(attempt);
            Futures.onComplete(
                    send(node, call.request(), Math.min(left + call.beyondMillis(), call.tryMillis()), anew),
                    (response, failure) -> answered(node, response, failure));
        }

        private void answered(URI node, @Nullable TransportResponse response, @Nullable Throwable failure) {
            if (result.isDone()) {
                return;
            }
            if (response == null) {
                unknown |= !(failure instanceof TransportException e) || e.sent();
                again(node + ": " + (failure instanceof TransportException e ? e.getMessage() : failure), 0);
                return;
            }
            try {
                judge(node, response);
            } catch (MalformedJsonException e) {
                unknown = true;
                again(node + ": an answer that is none, " + e.getMessage(), 0);
            }
        }

        private void judge(URI node, TransportResponse response) throws MalformedJsonException {
            int status = response.status();
            Optional<Problem> problem =
                    status < 400 ? Optional.empty() : Optional.of(Json.read(response.body(), Problem::read));
            Reply reply = new Reply(status, response, problem, node, began, unknown);
            if (status == 503 && !reply.slug().equals("level-too-low")) {
                again(node + ": " + reply.slug(), retryAfterMillis(response));
            } else if ((status >= 500 && status != 503) || status == 408) {
                unknown = true;
                again(node + ": " + status + " " + reply.slug(), retryAfterMillis(response));
            } else if (status == 401 && !anew) {
                anew = true;
                next();
            } else if (isRateLimited(reply) && retryAfterMillis(response) < leftMillis()) {
                // The bound is the node's own: to ask another one would only get around it.
                last = node + ": " + reply.slug();
                loop.schedule(Math.max(RATE_LIMITED_MILLIS_MIN, retryAfterMillis(response)), this::next);
            } else if (status < 200 || (status >= 300 && status < 400)) {
                throw new MalformedJsonException("the status " + status);
            } else {
                if (status < 400) {
                    call.check().accept(reply);
                }
                nodes.answered(node);
                result.complete(reply);
            }
        }

        private void again(String failure, long retryAfterMillis) {
            last = failure;
            notBefore = Math.min(notBefore, retryAfterMillis);
            attempt++;
            if (attempt % nodes.size() != 0) {
                next();
                return;
            }
            long pause = Backoff.millis(attempt / nodes.size() - 1, loop.random());
            long left = leftMillis();
            loop.schedule(Math.max(0, Math.min(left, Math.max(pause, notBefore))), this::next);
            notBefore = Long.MAX_VALUE;
        }
    }

    /** Whether a node was asked too often, and does it later. */
    static boolean isRateLimited(Reply reply) {
        return reply.status() == 429 && reply.slug().equals("rate-limited");
    }

    /** Returns what {@code Retry-After} says in milliseconds; 0 when it says nothing, or nonsense. */
    static long retryAfterMillis(TransportResponse response) {
        String seconds = response.header("Retry-After").orElse("0");
        boolean whole =
                !seconds.isEmpty() && seconds.length() <= 4 && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
        return whole ? 1000 * Math.min(RETRY_AFTER_SECONDS_MAX, Long.parseLong(seconds)) : 0;
    }
}

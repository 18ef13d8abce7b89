package io.holdfast.client.internal;

import io.holdfast.client.spi.Transport;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import io.holdfast.client.spi.TransportStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Three ways to one model of the server, each of which can fail in its own manner. On one loop. */
final class FakeTransport implements Transport {

    static final List<URI> NODES =
            List.of(URI.create("http://one"), URI.create("http://two"), URI.create("http://three"));

    /** What becomes of a request. */
    interface Way {
        /** Gives what the request is answered with, or leaves it open for ever. */
        void take(TransportRequest request, CompletableFuture<TransportResponse> answer);
    }

    /** What becomes of a stream. */
    interface StreamWay {
        /** Gives the stream that is asked for, or leaves it open for ever. */
        void take(TransportRequest request, CompletableFuture<TransportStream> answer);
    }

    private final Loop loop;
    private final Map<URI, StreamWay> streams = new HashMap<>();
    final Map<URI, List<URI>> addresses = new HashMap<>();
    final List<String> opened = new ArrayList<>();
    final ModelServer server;
    private final Map<URI, Way> ways = new HashMap<>();
    final List<String> sent = new ArrayList<>();
    long latency = 1;

    FakeTransport(Loop loop, ModelServer server) {
        this.loop = loop;
        this.server = server;
    }

    void all(Way way) {
        NODES.forEach(node -> ways.put(node, way));
    }

    void at(int node, Way way) {
        at(NODES.get(node), way);
    }

    void at(URI node, Way way) {
        ways.put(node, way);
    }

    /** As it should be. */
    Way well() {
        return (request, answer) -> loop.schedule(
                latency,
                () -> Futures.onComplete(
                        server.handle(request),
                        (response, failure) -> loop.schedule(latency, () -> answer.complete(response))));
    }

    /** Nothing listens there. */
    static Way refuses() {
        return (request, answer) ->
                answer.completeExceptionally(new TransportException("connection refused", false, null));
    }

    /** The request vanishes. */
    static Way swallows() {
        return (request, answer) -> {};
    }

    /** The request has its effect, and the answer vanishes. */
    Way losesAnswers() {
        return (request, answer) -> loop.schedule(latency, () -> Futures.forget(server.handle(request)));
    }

    /** The request has its effect, and the answer is this one. */
    Way answers(TransportResponse instead) {
        return (request, answer) -> {
            Futures.forget(server.handle(request));
            loop.schedule(latency, () -> answer.complete(instead));
        };
    }

    @Override
    public CompletableFuture<TransportResponse> send(URI node, TransportRequest request, Duration timeout) {
        CompletableFuture<TransportResponse> answer = new CompletableFuture<>();
        loop.execute(() -> {
            sent.add(request.method() + " " + request.target().replaceAll("\\?.*", ""));
            ways.getOrDefault(node, well()).take(request, answer);
        });
        loop.schedule(
                timeout.toMillis(),
                () -> answer.completeExceptionally(new TransportException("no answer in time", true, null)));
        return answer;
    }

    @Override
    public CompletableFuture<TransportStream> open(URI node, TransportRequest request, Duration timeout) {
        CompletableFuture<TransportStream> answer = new CompletableFuture<>();
        loop.execute(() -> {
            opened.add(request.target());
            streams.getOrDefault(node, (asked, stream) -> stream.complete(new FakeStream(loop, 404, "")))
                    .take(request, answer);
        });
        loop.schedule(
                timeout.toMillis(),
                () -> answer.completeExceptionally(new TransportException("no answer in time", true, null)));
        return answer;
    }

    /** What becomes of a stream that is asked for at any node. */
    void streams(StreamWay way) {
        NODES.forEach(node -> streams.put(node, way));
    }

    void streamsAt(int node, StreamWay way) {
        streams.put(NODES.get(node), way);
    }

    @Override
    public CompletableFuture<List<URI>> addresses(URI endpoint) {
        return CompletableFuture.completedFuture(addresses.getOrDefault(endpoint, List.of()));
    }

    @Override
    public void close() {}
}

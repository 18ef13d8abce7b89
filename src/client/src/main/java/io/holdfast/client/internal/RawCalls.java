package io.holdfast.client.internal;

import io.holdfast.client.HoldfastException;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.ApiRequest;
import io.holdfast.client.spi.Transport;
import java.util.Map;
import java.util.Optional;

/** Calls of the API without sessions, on a loop of their own. Any thread. */
final class RawCalls implements ApiCalls {

    private final Loop loop;
    private final Transport transport;
    private final Caller caller;

    RawCalls(ClientOptions options, Loop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
        this.caller = new Caller(
                loop,
                transport,
                new Nodes(options.endpoints(), loop.random()),
                options,
                new Conduct(options, Runtime.getRuntime()::halt));
    }

    @Override
    public ApiAnswer call(ApiRequest request) throws InterruptedException {
        return Blocking.interruptibly(
                Blocking.on(loop, () -> caller.call(callOf(request)).thenApply(RawCalls::answer)));
    }

    private static Call callOf(ApiRequest request) {
        Call call = Call.of(request.method(), request.target(), request.body())
                .within(Math.max(1, request.deadline().toMillis()))
                .check(reply -> {
                    if (request.expected().isPresent()) {
                        reply.read(request.expected().get());
                    }
                });
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            call = call.header(header.getKey(), header.getValue());
        }
        return request.held().isZero() ? call : call.heldOnce(request.held().toMillis());
    }

    private static ApiAnswer answer(Reply reply) {
        Optional<HoldfastException> refusal = reply.status() < 400 ? Optional.empty() : Optional.of(Failures.of(reply));
        return new ApiAnswer(reply.node(), reply.response(), reply.problem(), refusal, reply.repeated());
    }

    @Override
    public void close() {
        loop.close();
        transport.close();
    }
}

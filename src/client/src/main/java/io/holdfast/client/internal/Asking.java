package io.holdfast.client.internal;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/** Calls that a thread of the program waits for. Any thread but the loop. */
final class Asking {

    private final ClientServices services;

    Asking(ClientServices services) {
        this.services = services;
    }

    static String text(Json.Writable body) {
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }

    /** Sends a call and reads its answer; throws what the server refuses. */
    <T> T ask(Call call, Json.Reader<T> reader) throws InterruptedException {
        AtomicReference<T> document = new AtomicReference<>();
        Call checked = call.headers(services.conduct().headers()).check(reply -> document.set(read(reply, reader)));
        return Blocking.interruptibly(Blocking.on(
                services.loop(),
                () -> services.caller().call(checked).thenApply(reply -> {
                    if (reply.status() >= 400) {
                        throw Failures.of(reply);
                    }
                    return document.get();
                })));
    }

    private static <T> T read(Reply reply, Json.Reader<T> reader) throws MalformedJsonException {
        return reply.read(reader);
    }
}

package io.holdfast.server.rest;

import io.holdfast.server.stream.HttpOutlet;
import io.holdfast.server.stream.Outlet;
import io.holdfast.server.stream.Streamed;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * An answer whose body is written beneath Jakarta REST, which would encode each message once for each reader and knows
 * no write queue. What fails before the body begins is answered as for any other call.
 */
final class StreamedAnswer {

    private StreamedAnswer() {}

    /** Returns what a resource answers; it never completes once the body has begun. */
    static Uni<RestResponse<Void>> of(
            RoutingContext http, String type, int bufferBytes, Function<Outlet, Streamed> opening) {
        return of(http, bufferBytes, opening, (stream, response) -> head(response, type));
    }

    /**
     * Returns what a resource answers; it never completes once the body has begun.
     *
     * @param head completes the head of the answer when the body is about to begin
     */
    static <S extends Streamed> Uni<RestResponse<Void>> of(
            RoutingContext http, int bufferBytes, Function<Outlet, S> opening, BiConsumer<S, HttpServerResponse> head) {
        HttpServerResponse response = http.response();
        return Uni.createFrom().deferred(() -> {
            HttpOutlet outlet = new HttpOutlet(response, bufferBytes);
            S stream = opening.apply(outlet);
            outlet.onDrain(stream::drained);
            http.addEndHandler(over -> stream.close());
            return Uni.createFrom()
                    .completionStage(stream.begun()
                            .onSuccess(begun -> head.accept(stream, response))
                            .toCompletionStage())
                    .chain(begun -> Uni.createFrom().<RestResponse<Void>>nothing())
                    .onCancellation()
                    .invoke(stream::close);
        });
    }

    /** Returns the remote address of the connection, not the one that a proxy reports. */
    static String address(RoutingContext http) {
        SocketAddress remote = http.request().connection().remoteAddress(true);
        return remote == null ? "" : String.valueOf(remote.hostAddress());
    }

    /** No proxy on the way may keep a message back, or keep it for somebody else. */
    static void head(HttpServerResponse response, String type) {
        response.putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
    }
}

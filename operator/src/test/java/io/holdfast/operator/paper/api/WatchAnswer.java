package io.holdfast.operator.paper.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

/** The answer to a request that watches: messages of a WebSocket, or lines of a body that does not end. */
final class WatchAnswer {

    private final Watches watches;
    private final Target target;
    private final HttpServerRequest request;
    private final Context context = Vertx.currentContext();

    WatchAnswer(Watches watches, Target target, HttpServerRequest request) {
        this.watches = watches;
        this.target = target;
        this.request = request;
    }

    void begin() {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            request.toWebSocket().onSuccess(this::overSocket);
        } else {
            overBody();
        }
    }

    private void overSocket(ServerWebSocket socket) {
        var end = start(new Watches.Sink() {
            @Override
            public void send(String event) {
                context.runOnContext(now -> {
                    if (!socket.isClosed()) {
                        socket.writeTextMessage(event);
                    }
                });
            }

            @Override
            public void close() {
                context.runOnContext(now -> socket.close());
            }
        });
        socket.closeHandler(closed -> end.run());
    }

    private void overBody() {
        var response = request.response();
        response.setChunked(true).putHeader("Content-Type", "application/json").writeHead();
        var end = start(new Watches.Sink() {
            @Override
            public void send(String event) {
                context.runOnContext(now -> {
                    if (!response.closed()) {
                        response.write(event + "\n");
                    }
                });
            }

            @Override
            public void close() {
                context.runOnContext(now -> request.connection().close());
            }
        });
        response.closeHandler(closed -> end.run());
    }

    private Runnable start(Watches.Sink sink) {
        var which = Selector.of(request.getParam("labelSelector"), request.getParam("fieldSelector"));
        var subject = new Watches.Subject(
                target.resource(),
                target.namespace(),
                target.name() == null ? which : Selector.of(null, "metadata.name=" + target.name()),
                ApiServer.mayBeLate(request));
        var from = request.getParam("resourceVersion");
        try {
            return watches.start(subject, from == null || from.isEmpty() ? 0 : Long.parseLong(from), sink);
        } catch (ApiException e) {
            sink.send(Watches.event("ERROR", e.status()));
            sink.close();
            return () -> {};
        }
    }
}

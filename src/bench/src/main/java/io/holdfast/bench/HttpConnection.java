package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection with one request at a time, on one event loop.
 *
 * <p>It understands no more of HTTP than the measured services speak, because every microsecond of the generator is one
 * that the servers on the same processors do not have.
 */
final class HttpConnection {

    /** What came back. */
    record Answer(int status, String body) {}

    private static final byte[] HEADERS_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final NetClient net;
    private final int port;
    private final String headers;
    private @Nullable NetSocket socket;
    private @Nullable Promise<Answer> waiting;
    private Buffer received = Buffer.buffer();

    /** A connection to a port of the loopback address; opened by the first request, and again when it broke. */
    HttpConnection(NetClient net, int port) {
        this(net, port, "");
    }

    /** The same, with further headers in each request, each with the end of its line. */
    HttpConnection(NetClient net, int port, String headers) {
        this.net = net;
        this.port = port;
        this.headers = headers;
    }

    /** Sends a request; fails when the connection does. */
    Future<Answer> send(String method, String path, String body) {
        var request = Buffer.buffer(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + headers
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        var answer = Promise.<Answer>promise();
        if (waiting != null) {
            throw new IllegalStateException("a request is under way");
        }
        waiting = answer;
        if (socket != null) {
            socket.write(request);
        } else {
            net.connect(port, "127.0.0.1").onSuccess(this::connected).onComplete(opened -> {
                if (opened.succeeded()) {
                    opened.result().write(request);
                } else {
                    complete(null, opened.cause());
                }
            });
        }
        return answer.future();
    }

    void close() {
        var open = socket;
        socket = null;
        if (open != null) {
            open.closeHandler(null);
            open.close();
            complete(null, new IllegalStateException("this client closed its connection"));
        }
    }

    private void connected(NetSocket opened) {
        socket = opened;
        received = Buffer.buffer();
        opened.handler(this::received);
        opened.closeHandler(closed -> {
            socket = null;
            complete(null, new IllegalStateException("the connection to port " + port + " ended"));
        });
        opened.exceptionHandler(cause -> opened.close());
    }

    private void received(Buffer bytes) {
        received.appendBuffer(bytes);
        var headersEnd = indexOfHeadersEnd();
        if (headersEnd < 0) {
            return;
        }
        var headers = received.getString(0, headersEnd);
        var bodyStart = headersEnd + HEADERS_END.length;
        var status = Integer.parseInt(headers.substring(9, 12));
        var length = contentLength(headers);
        if (length < 0) {
            // An answer in chunks is an error's (etcd's gateway); its status is enough, and a new connection is next.
            var promise = waiting;
            waiting = null;
            close();
            if (promise != null) {
                promise.complete(new Answer(status, ""));
            }
            return;
        }
        if (received.length() < bodyStart + length) {
            return;
        }
        var answer = new Answer(status, received.getString(bodyStart, bodyStart + length));
        received = Buffer.buffer();
        complete(answer, null);
    }

    private void complete(@Nullable Answer answer, @Nullable Throwable failure) {
        var promise = waiting;
        waiting = null;
        if (promise == null) {
            return;
        }
        if (failure == null) {
            promise.complete(answer);
        } else {
            promise.fail(failure);
        }
    }

    private int indexOfHeadersEnd() {
        for (var i = 0; i + HEADERS_END.length <= received.length(); i++) {
            if (received.getByte(i) == '\r' && received.getByte(i + 1) == '\n' && received.getByte(i + 2) == '\r') {
                return i;
            }
        }
        return -1;
    }

    /** The length of the body, -1 when it comes in chunks. */
    private static int contentLength(String headers) {
        for (var line : headers.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                return Integer.parseInt(line.substring(15).strip());
            }
            if (line.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                return -1;
            }
        }
        return 0;
    }
}

package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A lock client over one HTTP connection that sends a request again while the service asks for that. */
abstract class HttpLockClient implements LockClient {

    /** What to do with an answer. */
    enum Verdict {
        /** It is the answer. */
        DONE,
        /** Not yet: the same request again, at once. */
        AGAIN,
        /** Not now: the same request again, after a pause. */
        LATER,
        /** It can never be. */
        REFUSED
    }

    private static final long PAUSE_MILLIS = 10;
    private static final int LATER_MAX = 3_000;

    private final Vertx vertx;
    private final HttpConnection connection;
    private long retries;
    private boolean closed;

    HttpLockClient(Vertx vertx, NetClient net, int port, String headers) {
        this.vertx = vertx;
        this.connection = new HttpConnection(net, port, headers);
    }

    /** Sends until there is a verdict; gives up after half a minute of pauses. */
    final Future<String> call(String method, String path, String body, Function<HttpConnection.Answer, Verdict> judge) {
        var result = Promise.<String>promise();
        attempt(new Call(method, path, body, judge, result), LATER_MAX);
        return result.future();
    }

    @Override
    public final long retries() {
        return retries;
    }

    @Override
    public final void close() {
        vertx.runOnContext(now -> {
            closed = true;
            connection.close();
        });
    }

    private record Call(
            String method,
            String path,
            String body,
            Function<HttpConnection.Answer, Verdict> judge,
            Promise<String> result) {}

    private void attempt(Call call, int left) {
        connection.send(call.method(), call.path(), call.body()).onComplete(sent -> {
            var answer = sent.result();
            var verdict = answer == null ? Verdict.LATER : call.judge().apply(answer);
            switch (verdict) {
                case DONE -> call.result().complete(answer == null ? "" : answer.body());
                case AGAIN -> attempt(call, left);
                case LATER -> later(call, left, sent.cause());
                case REFUSED -> call.result().fail(call.method() + " " + call.path() + ": " + answer);
            }
        });
    }

    private void later(Call call, int left, @Nullable Throwable cause) {
        retries++;
        if (left == 0 || closed) {
            call.result()
                    .fail(new IllegalStateException(call.method() + " " + call.path() + " never succeeded", cause));
        } else {
            vertx.setTimer(PAUSE_MILLIS, now -> attempt(call, left - 1));
        }
    }
}

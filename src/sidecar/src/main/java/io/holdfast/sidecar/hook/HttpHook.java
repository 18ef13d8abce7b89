package io.holdfast.sidecar.hook;

import io.holdfast.api.Json;
import io.holdfast.sidecar.core.WebCalls;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

/**
 * POSTs the occasion as JSON; 2xx says that the application has done it.
 *
 * @param uri where to
 */
record HttpHook(URI uri) implements Hook {

    private static final System.Logger LOG = System.getLogger(HttpHook.class.getName());

    static HttpHook parse(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(
                    "a hook by HTTP is such as http://localhost:8080/stop, not '" + text + "'");
        }
        return new HttpHook(uri);
    }

    @Override
    public Result call(Occasion occasion, Duration within) throws InterruptedException {
        byte[] body = Json.write(out -> out.begin()
                .field("event", occasion.event())
                .field("lock", occasion.lock())
                .field("candidate", occasion.candidate())
                .field("token", occasion.token())
                .field("withinMs", occasion.withinMs())
                .end());
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Holdfast-Token", Long.toString(occasion.token()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int status = WebCalls.status(request, within);
        if (status / 100 == 2) {
            return Result.DONE;
        }
        String answer = status == 0 ? "no answer" : Integer.toString(status);
        LOG.log(System.Logger.Level.WARNING, "the hook " + uri + " for " + occasion.event() + ": " + answer);
        return Result.FAILED;
    }
}

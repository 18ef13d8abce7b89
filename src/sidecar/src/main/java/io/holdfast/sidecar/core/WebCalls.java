package io.holdfast.sidecar.core;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to programs of the own pod, with a deadline over the whole answer. Any thread. */
public final class WebCalls {

    private static final System.Logger LOG = System.getLogger(WebCalls.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-web");
        thread.setDaemon(true);
        return thread;
    });

    /** Made when it is used first. */
    private static final class Client {
        private static final HttpClient HTTP = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(THREAD)
                .build();
    }

    private WebCalls() {}

    /** Sends a request and returns the status; 0 when there was no answer in time. The body is not kept. */
    public static int status(HttpRequest request, Duration within) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                Client.HTTP.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS)
                    .statusCode();
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "no answer from {0}: {1}", request.uri(), e.getCause());
            return 0;
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "no answer from {0} within {1}", request.uri(), within);
            return 0;
        } finally {
            answer.cancel(true);
        }
    }
}

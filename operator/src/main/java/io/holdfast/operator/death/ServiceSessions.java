package io.holdfast.operator.death;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.SessionBody;
import io.holdfast.api.SessionPage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends sessions by the REST API: lists them by their names' prefix, and deletes each with {@code cause=dead}. */
final class ServiceSessions implements SessionsOfPods {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final long ANSWER_SECONDS = 5;
    private static final int ANSWER_BYTES_MAX = 256 << 10;
    /** Sessions of one pod at most; of more, the others are left to their ttl. */
    private static final int SESSIONS_MAX = 100;

    private static final int NO_CONTENT = 204;
    private static final Set<Integer> GONE = Set.of(404, 410);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    @Override
    public int end(URI cluster, String podUid) throws IOException, InterruptedException {
        String prefix = podUid + "/";
        int ended = 0;
        for (SessionBody session : list(cluster, prefix)) {
            if (session.name() != null && session.name().startsWith(prefix)) {
                Answer answer = send(HttpRequest.newBuilder(
                                resolve(cluster, "/v1/sessions/" + encode(session.id()) + "?cause=dead&force=true"))
                        .DELETE());
                if (answer.status() == NO_CONTENT) {
                    ended++;
                } else if (!GONE.contains(answer.status())) {
                    throw new IOException("DELETE of a session was answered with " + answer.status());
                }
            }
        }
        return ended;
    }

    private List<SessionBody> list(URI cluster, String prefix) throws IOException, InterruptedException {
        Answer answer = send(HttpRequest.newBuilder(
                        resolve(cluster, "/v1/sessions?prefix=" + encode(prefix) + "&limit=" + SESSIONS_MAX))
                .GET());
        if (answer.status() != 200) {
            throw new IOException("GET /v1/sessions was answered with " + answer.status());
        }
        try {
            return Json.read(answer.body().getBytes(StandardCharsets.UTF_8), SessionPage::read)
                    .sessions();
        } catch (MalformedJsonException e) {
            throw new IOException("GET /v1/sessions was answered with no page of sessions", e);
        }
    }

    private record Answer(int status, String body) {}

    /** The deadline is over the whole answer. */
    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        CompletableFuture<Answer> answer = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(ServiceSessions::read);
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private static Answer read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(ANSWER_BYTES_MAX + 1);
            if (body.length > ANSWER_BYTES_MAX) {
                throw new IOException("the answer has more than " + ANSWER_BYTES_MAX + " bytes");
            }
            return new Answer(response.statusCode(), new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static URI resolve(URI cluster, String path) {
        String base = cluster.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

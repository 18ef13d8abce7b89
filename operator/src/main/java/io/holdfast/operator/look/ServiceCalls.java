package io.holdfast.operator.look;

import io.holdfast.api.AclBody;
import io.holdfast.api.BoundedBody;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.MembersChange;
import io.holdfast.api.NewMember;
import io.holdfast.api.Problem;
import io.holdfast.api.Successor;
import io.holdfast.operator.desired.Names;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the nodes of the service, by the addresses of their pods. Each has a deadline over the whole answer, and
 * each answer a bound in bytes. An answer that cannot be is none, with the reason. Any thread.
 */
public final class ServiceCalls implements AutoCloseable {

    /** Bytes of an answer at most: 64 members with addresses and disks have less than a tenth. */
    static final int ANSWER_BYTES_MAX = 256 << 10;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final int THREADS = 2;

    private final int port;
    private final Duration lookTimeout;
    private final Duration changeTimeout;
    private final ExecutorService threads;
    private final HttpClient http;
    private final SecureClients secured;

    /**
     * Creates them.
     *
     * @param port on which the nodes serve clients
     * @param lookTimeout how long a question may take
     * @param changeTimeout how long a change of the members may take: the service answers when it is settled
     */
    public ServiceCalls(int port, Duration lookTimeout, Duration changeTimeout) {
        this(port, lookTimeout, changeTimeout, Optional.empty());
    }

    /**
     * Creates them.
     *
     * @param port on which the nodes serve clients without TLS
     * @param lookTimeout how long a question may take
     * @param changeTimeout how long a change of the members may take: the service answers when it is settled
     * @param tokenFile with the token that nodes with TLS are shown, if they check tokens of Kubernetes
     */
    public ServiceCalls(int port, Duration lookTimeout, Duration changeTimeout, Optional<Path> tokenFile) {
        this.port = port;
        this.lookTimeout = lookTimeout;
        this.changeTimeout = changeTimeout;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "holdfast-service-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.http = builder().build();
        this.secured = new SecureClients(this::builder, tokenFile);
    }

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(threads);
    }

    /** Asks every node how it sees the ensemble, all at once. The order is that of the argument. */
    public Map<Endpoint, Answer<ClusterBody>> clusters(List<Endpoint> nodes) throws InterruptedException {
        Map<Endpoint, Call> calls = new LinkedHashMap<>();
        for (Endpoint node : Set.copyOf(nodes)) {
            calls.put(node, start(request(node, "").get(), lookTimeout));
        }
        Map<Endpoint, Answer<ClusterBody>> answers = new LinkedHashMap<>();
        for (Endpoint node : nodes) {
            Call call = calls.get(node);
            if (call != null && !answers.containsKey(node)) {
                answers.put(node, sensible(node, end(call, ClusterBody::read)));
            }
        }
        return answers;
    }

    /** Asks one node how it sees the ensemble. */
    public Answer<ClusterBody> cluster(Endpoint node) throws InterruptedException {
        return sensible(node, end(start(request(node, "").get(), lookTimeout), ClusterBody::read));
    }

    /**
     * The probe: a change that changes nothing and is not made. It is answered only when a quorum has confirmed a read.
     *
     * @param leader as the node that is asked named it
     */
    public Answer<MembersChange> probe(Endpoint node, int leader) throws InterruptedException {
        Request request =
                request(node, "/members/" + leader + "?dryRun=true").body("PATCH", new MemberPatch("voter", null));
        return end(start(request, lookTimeout), MembersChange::read);
    }

    /** Adds a member without a vote. */
    public Answer<MembersChange> add(Endpoint node, int id, String address, long ifVersion)
            throws InterruptedException {
        Request request =
                request(node, "/members?ifVersion=" + ifVersion).body("POST", new NewMember(id, address, "observer"));
        return end(start(request, changeTimeout), MembersChange::read);
    }

    /** Gives a member a vote, or binds its vote to the disk that it has. */
    public Answer<MembersChange> promote(Endpoint node, int id, long ifVersion) throws InterruptedException {
        Request request = request(node, "/members/" + id + "?ifVersion=" + ifVersion)
                .body("PATCH", new MemberPatch("voter", null));
        return end(start(request, changeTimeout), MembersChange::read);
    }

    /** Removes a member; one that leads hands over first. */
    public Answer<MembersChange> remove(Endpoint node, int id, long ifVersion) throws InterruptedException {
        Request request =
                request(node, "/members/" + id + "?ifVersion=" + ifVersion).delete();
        return end(start(request, changeTimeout), MembersChange::read);
    }

    /** Has another voter lead. */
    public Answer<ClusterBody> transfer(Endpoint node, int to) throws InterruptedException {
        return end(start(request(node, "/leader").body("POST", new Successor(to)), changeTimeout), ClusterBody::read);
    }

    /** Reads the rules of access. */
    public Answer<AclBody> rules(Endpoint node) throws InterruptedException {
        return end(start(requestTo(node, "/v1/acl").get(), lookTimeout), AclBody::read);
    }

    /**
     * Changes the rules of access as a whole.
     *
     * @param revision that they must be of still
     */
    public Answer<AclBody> changeRules(Endpoint node, AclBody rules, String revision) throws InterruptedException {
        Request request = requestTo(node, "/v1/acl").body("PUT", rules);
        request.builder().header("If-Match", '"' + revision + '"');
        return end(start(request, changeTimeout), AclBody::read);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    // ---- one request ----

    private record Call(CompletableFuture<HttpResponse<byte[]>> answer, Duration timeout) {}

    private Request request(Endpoint node, String path) {
        return requestTo(node, "/v1/cluster" + path);
    }

    Request requestTo(Endpoint node, String path) {
        String host = node.ip().indexOf(':') >= 0 ? "[" + node.ip() + "]" : node.ip();
        Secured tls = node.secured();
        String origin = tls == null ? "http://" + host + ":" + port : "https://" + host + ":" + Names.HTTPS_PORT;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .header("Accept", "application/json, " + Problem.MEDIA_TYPE);
        if (tls != null && tls.checksTokens()) {
            secured.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return new Request(node, request);
    }

    /** A request, and the node that it goes to. */
    record Request(Endpoint node, HttpRequest.Builder builder) {

        Request get() {
            builder.GET();
            return this;
        }

        Request delete() {
            builder.DELETE();
            return this;
        }

        Request body(String method, Json.Writable body) {
            builder.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
            return this;
        }
    }

    private Call start(Request request, Duration timeout) {
        Secured tls = request.node().secured();
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            HttpClient client = tls == null ? http : secured.of(request.node(), tls);
            answer = client.sendAsync(request.builder().build(), head -> new BoundedBody(ANSWER_BYTES_MAX));
        } catch (GeneralSecurityException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        // The request itself has to end with its time, or its connection stays.
        CompletableFuture<HttpResponse<byte[]>> begun = answer;
        CompletableFuture<HttpResponse<byte[]>> inTime = begun.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((given, failure) -> begun.cancel(true));
        return new Call(inTime, timeout);
    }

    private static <T> Answer<T> end(Call call, Json.Reader<T> reader) throws InterruptedException {
        try {
            return read(call.answer().get(), reader);
        } catch (ExecutionException e) {
            return new Answer.None<>(
                    e.getCause() instanceof TimeoutException
                            ? "no answer within " + call.timeout().toMillis() + " ms"
                            : reason(e.getCause()));
        }
    }

    private static <T> Answer<T> read(HttpResponse<byte[]> answer, Json.Reader<T> reader) {
        int status = answer.statusCode();
        try {
            if (status >= 200 && status < 300) {
                return new Answer.Given<>(Json.read(answer.body(), reader));
            }
            if (status >= 400
                    && answer.headers().firstValue("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE)) {
                return new Answer.Refused<>(Json.read(answer.body(), Problem::read));
            }
            return new Answer.None<>("HTTP status " + status + ", not the service's answer");
        } catch (MalformedJsonException e) {
            return new Answer.None<>(
                    Texts.line("HTTP status " + status + " with a body that is not the service's: " + e.getMessage()));
        }
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return "no connection within " + CONNECT_TIMEOUT.toMillis() + " ms";
        }
        if (failure instanceof ConnectException) {
            return "no connection: refused or unreachable";
        }
        return failure == null ? "no answer" : Texts.line(failure);
    }

    private static Answer<ClusterBody> sensible(Endpoint node, Answer<ClusterBody> answer) {
        return answer.value()
                .map(body -> AnswerRules.wrong(node, body))
                .filter(wrong -> !wrong.isEmpty())
                .<Answer<ClusterBody>>map(Answer.None::new)
                .orElse(answer);
    }
}

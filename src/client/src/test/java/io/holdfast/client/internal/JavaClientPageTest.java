package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.EventBatch;
import io.holdfast.api.MembersChange;
import io.holdfast.api.Metadata;
import io.holdfast.client.Credential;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.TlsFiles;
import io.holdfast.client.spi.ClientObserver;
import io.holdfast.client.spi.TransportResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/java-client.md: what stands there stands here, and runs. */
@Timeout(120)
class JavaClientPageTest {

    private final CountDownLatch oneJob = new CountDownLatch(1);

    @Test
    void theCodeOfThePageRuns() throws Exception {
        ThreadLoop loop = new ThreadLoop("test-server");
        ModelServer server = new ModelServer(loop);
        FakeTransport transport = new FakeTransport(loop, server);
        ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
        ClientOptions options = ClientOptions.of(FakeTransport.NODES, Duration.ofMinutes(2), "page");
        try (CoreClient client = new CoreClient(options, new ThreadLoop("test-client"), transport, threads, () -> {})) {
            withLock(client);
            tryWithLock(client);
            lease(client);
            election(client);
            events(client);
            cluster(client, transport);
        }
        threads.shutdownNow();
        loop.close();
        files();
        observer();
        try (HoldfastClient client = client()) {
            assertTrue(client.lock("a") != null, "nothing is sent before it is used");
        }
    }

    private static HoldfastClient client() {
        HoldfastClient client = HoldfastClient.builder()
                .endpoints("http://node-1:7100", "http://node-2:7100", "http://node-3:7100")
                .ttl(Duration.ofSeconds(10))
                .name("billing-7f9c")
                .build();
        return client;
    }

    /** The files are those of {@link TlsFilesTest}; here their absence is said. */
    private static void files() {
        Path ca = Path.of("ca.pem");
        Path certificate = Path.of("client.pem");
        Path key = Path.of("client-key.pem");
        Path token = Path.of("token");
        String said = assertThrows(IllegalArgumentException.class, () -> secured(ca, certificate, key, token))
                .getMessage();
        assertEquals("the file ca.pem does not exist", said);
    }

    private static HoldfastClient secured(Path ca, Path certificate, Path key, Path token) {
        HoldfastClient secured = HoldfastClient.builder()
                .endpoints("https://holdfast.internal:7100")
                .discover(true)
                .tls(TlsFiles.trusting(ca).presenting(certificate, key))
                .credential(Credential.file(token))
                .build();
        return secured;
    }

    private static void observer() {
        ClientObserver tracing = new ClientObserver() {
            @Override
            public Map<String, String> headers() {
                return Map.of("traceparent", currentTrace());
            }
        };
        assertEquals(currentTrace(), tracing.headers().get("traceparent"));
    }

    private static String currentTrace() {
        return "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    }

    private static void cluster(HoldfastClient client, FakeTransport transport) throws Exception {
        String body =
                "{\"clusterId\":\"c\",\"node\":1,\"epoch\":3,\"leader\":1,\"configurationVersion\":7,\"generation\":1,"
                        + "\"level\":3,\"settled\":true,\"member\":true,\"members\":[],\"alarms\":[],"
                        + "\"dryRun\":true,\"changed\":true,"
                        + "\"handsOver\":false,\"warnings\":[],"
                        + "\"configuration\":{\"version\":8,\"members\":[],\"voters\":3,\"quorum\":2}}";
        transport.all((request, answer) -> {
            boolean known = request.target().equals("/v1/cluster")
                    || request.target().equals("/v1/cluster/members/4?dryRun=true&ifVersion=7");
            answer.complete(
                    known
                            ? new TransportResponse(200, Map.of(), body.getBytes(StandardCharsets.UTF_8))
                            : ModelServer.problem(404, "path-unknown"));
        });
        ClusterBody status = client.cluster().status();
        MembersChange forecast = client.cluster()
                .dryRun()
                .ifVersion(status.configurationVersion())
                .promote(4);
        assertTrue(forecast.dryRun());
    }

    private static void withLock(HoldfastClient client) throws Exception {
        String report = client.lock("payments/settlement").withLock(lease -> {
            lease.check();
            return settle(lease.token());
        });
        assertTrue(report.startsWith("settled with "));
    }

    private static void tryWithLock(HoldfastClient client) throws Exception {
        Optional<String> done =
                client.lock("nightly").tryWithLock(Duration.ofSeconds(5), lease -> settle(lease.token()));
        assertTrue(done.isPresent());
    }

    private static void lease(HoldfastClient client) throws Exception {
        Optional<Lease> lease = client.tryAcquire(LockRequest.exclusive("reports/daily"), Duration.ofMinutes(1));
        if (lease.isPresent()) {
            try (Lease held = lease.get()) {
                held.onStop(() -> stopTheWork());
                settle(held.token());
            }
        }
        assertTrue(lease.isPresent());
    }

    private void election(HoldfastClient client) throws Exception {
        LeaderElection election = client.election("jobs/leader")
                .candidate("pod-1")
                .metadata(Metadata.of("{\"url\":\"http://10.0.0.7:8080\"}"))
                .run(leadership -> {
                    while (leadership.remaining().toMillis() > 0) {
                        leadership.check();
                        doOneJob(leadership.token());
                    }
                    return null;
                });
        assertTrue(oneJob.await(60, TimeUnit.SECONDS));
        election.close();
    }

    private static void events(HoldfastClient client) {
        EventSubscription changes = client.events("payments/")
                .since("0-0")
                .kinds("granted", "released")
                .start(event -> remember(event));
        changes.close();
        changes.ended().join();
    }

    private static void remember(EventBatch.Event event) {
        assertTrue(event.data() != null);
    }

    private static String settle(long token) {
        return "settled with " + token;
    }

    private static void stopTheWork() {}

    private void doOneJob(long token) throws InterruptedException {
        assertTrue(token > 0);
        oneJob.countDown();
        new CountDownLatch(1).await();
    }

    @Test
    void theCodeOfThePageIsThatOfThisTest() throws IOException {
        PageCode.assertPartOf(
                "docs/java-client.md",
                9,
                "src/client/src/test/java/io/holdfast/client/internal/JavaClientPageTest.java");
    }
}

package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.EventBatch;
import io.holdfast.api.Metadata;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        }
        threads.shutdownNow();
        loop.close();
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
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        String page = Files.readString(root.resolve("docs/java-client.md"));
        String here = bare(Files.readString(
                root.resolve("src/client/src/test/java/io/holdfast/client/internal/JavaClientPageTest.java")));
        List<String> blocks = Stream.of(page.split("```java\n"))
                .skip(1)
                .map(block -> block.substring(0, block.indexOf("```")))
                .toList();
        assertEquals(6, blocks.size());
        blocks.forEach(block -> assertTrue(here.contains(bare(block)), block));
    }

    /** Without what a formatter decides. */
    private static String bare(String code) {
        return code.chars()
                .filter(c -> !Character.isWhitespace(c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}

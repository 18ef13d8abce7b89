package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.LockBody;
import io.holdfast.api.MembersChange;
import io.holdfast.client.Cluster;
import io.holdfast.client.DistributedSemaphore;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LockRequest;
import io.holdfast.client.RefusedException;
import io.holdfast.client.Session;
import io.holdfast.client.SessionOptions;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are about no lease of the client: what they send, and what is made of the answers. */
@Timeout(120)
class CallsTest {

    private final ThreadLoop loop = new ThreadLoop("test-server");
    private final ModelServer server = new ModelServer(loop);
    private final FakeTransport transport = new FakeTransport(loop, server);
    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final HoldfastClient client = new CoreClient(
            ClientOptions.of(FakeTransport.NODES, Duration.ofMinutes(2), "calls"),
            new ThreadLoop("test-client"),
            transport,
            threads,
            () -> {});

    @AfterEach
    void close() {
        client.close();
        threads.shutdownNow();
        loop.close();
    }

    private void answer(int status, String body, Map<String, String> headers) {
        transport.all((request, answer) -> {
            sent.add(said(request));
            answer.complete(new TransportResponse(status, headers, body.getBytes()));
        });
    }

    private static String said(TransportRequest request) {
        return request.method() + " " + request.target() + " " + request.body();
    }

    @Test
    void membersAreChangedAsTheServerSays() throws Exception {
        answer(
                200,
                "{\"dryRun\":true,\"changed\":true,\"settled\":true,\"handsOver\":false,"
                        + "\"configuration\":{\"version\":2,\"members\":[],\"voters\":3,\"quorum\":2},\"warnings\":[]}",
                Map.of());
        Cluster cluster = client.cluster();
        MembersChange change = cluster.dryRun().ifVersion(7).addMember(4, "10.0.0.4:7101");
        assertTrue(change.changed());
        cluster.promote(4);
        cluster.ifVersion(8).demote(4);
        cluster.moveMember(4, "10.0.0.5:7101");
        cluster.removeMember(4);
        assertEquals(
                List.of(
                        "POST /v1/cluster/members?dryRun=true&ifVersion=7 {\"id\":4,\"address\":\"10.0.0.4:7101\"}",
                        "PATCH /v1/cluster/members/4 {\"role\":\"voter\"}",
                        "PATCH /v1/cluster/members/4?ifVersion=8 {\"role\":\"observer\"}",
                        "PATCH /v1/cluster/members/4 {\"address\":\"10.0.0.5:7101\"}",
                        "DELETE /v1/cluster/members/4 "),
                sent);
        TransportResponse refusal = ModelServer.problem(412, "version-stale");
        answer(412, new String(refusal.body()), Map.of());
        RefusedException stale =
                assertThrows(RefusedException.class, () -> cluster.ifVersion(1).promote(4));
        assertEquals("version-stale", stale.problem());
        sent.clear();
        assertThrows(RefusedException.class, cluster::transferLeadership);
        assertThrows(RefusedException.class, () -> cluster.transferLeadership(2));
        assertThrows(RefusedException.class, cluster::takeSnapshot);
        assertEquals(
                List.of(
                        "POST /v1/cluster/leader {}",
                        "POST /v1/cluster/leader {\"to\":2}",
                        "POST /v1/cluster/snapshots "),
                sent);
    }

    @Test
    void aLocalReadHasWhatThisClientWrote() throws Exception {
        transport.all((request, answer) -> {
            sent.add(request.method() + " " + request.target());
            Futures.onComplete(
                    server.handle(request),
                    (response, failure) -> answer.complete(new TransportResponse(
                            response.status(),
                            request.method().equals("GET")
                                    ? Map.of("Holdfast-Revision", "9-9")
                                    : Map.of(
                                            "Holdfast-Revision",
                                            request.method().equals("PUT") ? "3-7" : "3-5"),
                            response.body())));
        });
        LockBody free = client.locks().local(Duration.ofSeconds(1)).get("a");
        assertEquals("a", free.name());
        client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO)
                .orElseThrow()
                .close();
        sent.clear();
        client.locks().local(Duration.ofMillis(200)).get("a");
        client.locks().get("a");
        assertEquals(
                List.of("GET /v1/locks/a?consistency=local&maxStale=200ms&minRevision=3-7", "GET /v1/locks/a"), sent);
        assertThrows(IllegalArgumentException.class, () -> client.locks().local(Duration.ofSeconds(-1)));
    }

    private void lockIs(String mode, int limit, int used, int waiting, String holders) {
        answer(
                200,
                "{\"name\":\"s\",\"mode\":\"" + mode + "\",\"limit\":" + limit + ",\"holders\":[" + holders
                        + "],\"used\":" + used + ",\"waiters\":[],\"waiting\":" + waiting
                        + ",\"delayMs\":0,\"revision\":\"3-1\"}",
                Map.of());
    }

    @Test
    void permitsThatAreFreeAreThoseOfTheLimitThatIsInForce() throws Exception {
        DistributedSemaphore semaphore = client.semaphore("s", 5);
        lockIs("exclusive", 1, 0, 0, "");
        assertEquals(5, semaphore.availablePermits(), "a name that nothing uses");
        String holder =
                "{\"grant\":\"g\",\"session\":\"3-1\",\"sessionName\":\"x\",\"token\":1,\"mode\":\"semaphore\"}";
        lockIs("semaphore", 8, 3, 0, holder);
        assertEquals(5, semaphore.availablePermits());
        lockIs("semaphore", 2, 3, 0, holder);
        assertEquals(0, semaphore.availablePermits(), "the limit was lowered");
        lockIs("exclusive", 1, 1, 0, holder);
        assertEquals(0, semaphore.availablePermits(), "the name is a lock now");
    }

    @Test
    void aSessionOfOnesOwnHasItsOwnTerms() throws Exception {
        transport.all((request, answer) -> {
            sent.add(said(request));
            transport.well().take(request, answer);
        });
        try (Session session = client.openSession(
                SessionOptions.named("own").withTtl(Duration.ofMinutes(5)).withLockDelay(Duration.ofSeconds(3)))) {
            assertFalse(session.id().isEmpty());
            assertTrue(session.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO)
                            .orElseThrow()
                            .remaining()
                            .compareTo(Duration.ofMinutes(4))
                    > 0);
        }
        assertEquals("POST /v1/sessions {\"ttl\":\"300s\",\"name\":\"own\",\"lockDelay\":\"3s\"}", sent.get(0));
        assertThrows(
                IllegalArgumentException.class, () -> SessionOptions.named("x").withTtl(Duration.ofMillis(1)));
    }

    @Test
    void routesAreFew() {
        assertEquals("/v1/locks/{name}", Routes.of("/v1/locks/a/b/c?poll=1s"));
        assertEquals("/v1/locks/{name}/-/why", Routes.of("/v1/locks/a/b/-/why?grant=x"));
        assertEquals("/v1/locks/{name}", Routes.of("/v1/locks/a/-/anything"));
        assertEquals("/v1/locks", Routes.of("/v1/locks?prefix=a"));
        assertEquals("/v1/grants/{id}/transfer", Routes.of("/v1/grants/x/transfer"));
        assertEquals("/v1/grants/{id}", Routes.of("/v1/grants/x?to=y"));
        assertEquals("/v1/sessions/-/keepalive", Routes.of("/v1/sessions/-/keepalive?grants=true"));
        assertEquals("/v1/sessions/{id}/attach", Routes.of("/v1/sessions/3-1/attach?renew=false"));
        assertEquals("/v1/cluster/members/{id}", Routes.of("/v1/cluster/members/4"));
    }
}

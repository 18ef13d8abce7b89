package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.ClusterBody;
import io.holdfast.client.OnOverrun;
import io.holdfast.client.OnStop;
import io.holdfast.client.spi.ClientObserver;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes that no configuration names, in made-up time: they are found, and nothing that is said of them does harm. */
class DiscoveryTest extends MadeUpTime {

    private static final URI SEED = FakeTransport.NODES.get(0);

    private final Set<URI> reached = new TreeSet<>();
    private final List<TransportRequest> credentials = new ArrayList<>();

    private CoreClient discovering(List<URI> endpoints, boolean discover) {
        ClientOptions options = new ClientOptions(
                endpoints,
                Duration.ofSeconds(10),
                null,
                Duration.ZERO,
                "discovering",
                anew -> "Bearer secret",
                discover,
                ClientObserver.NONE,
                OnStop.INTERRUPT,
                OnOverrun.LOG);
        return new CoreClient(options, loop, transport, loop, () -> {});
    }

    /** A node that serves, and tells these addresses of members when it is asked. */
    private void serve(URI node, String... http) {
        transport.at(node, (request, answer) -> {
            reached.add(node);
            if (request.headers().containsKey("Authorization")) {
                credentials.add(request);
            }
            if (request.target().equals("/v1/cluster")) {
                answer.complete(ModelServer.answer(200, cluster(http)));
            } else {
                transport.well().take(request, answer);
            }
        });
    }

    private static ClusterBody cluster(String... http) {
        List<ClusterBody.Member> members = IntStream.range(0, http.length)
                .mapToObj(i -> new ClusterBody.Member(
                        i + 1,
                        "voter",
                        "10.0.0.1:7101",
                        http[i].isEmpty() ? null : http[i],
                        null,
                        "follower",
                        "serving",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .toList();
        return new ClusterBody("c", 1, null, 1, 1, 1, 1, 3, null, true, true, members, List.of());
    }

    @Test
    void membersThatTheEnsembleNamesAreAskedWhenTheEndpointsAreGone() {
        URI found = URI.create("http://127.0.0.9:7100");
        serve(SEED, "http://one", "", "http://127.0.0.9:7100");
        serve(found, "http://127.0.0.9:7100");
        CoreClient client = discovering(List.of(SEED), true);
        LeaseHandle lease = take(client, LOCK);
        assertFalse(reached.contains(found), "the endpoint answers");
        transport.at(SEED, FakeTransport.refuses());
        for (int i = 0; i < 600; i++) {
            loop.pass(100);
            lease.check();
            assertFalse(lease.stopping());
        }
        assertTrue(reached.contains(found));
        assertTrue(credentials.stream().anyMatch(request -> request.target().startsWith("/v1/sessions")));
        // All that was found is gone, and the endpoint is back.
        transport.at(found, FakeTransport.refuses());
        serve(SEED);
        loop.pass(60_000);
        lease.check();
    }

    @Test
    void aClientThatDoesNotDiscoverAsksNoOneForMembersAndOneThatIsIdleSendsNothing() {
        serve(SEED, "http://127.0.0.9:7100");
        CoreClient plain = discovering(List.of(SEED), false);
        take(plain, LOCK);
        loop.pass(120_000);
        assertFalse(transport.sent.contains("GET /v1/cluster"));
        transport.sent.clear();
        CoreClient idle = discovering(List.of(SEED), true);
        loop.pass(1_000);
        assertFalse(transport.sent.contains("GET /v1/cluster"));
        take(idle, io.holdfast.client.LockRequest.exclusive("b"));
        loop.pass(300_000);
        long asked = transport.sent.stream().filter("GET /v1/cluster"::equals).count();
        assertTrue(asked >= 5 && asked <= 12, "each half minute, not " + asked + " times in five minutes");
    }

    @Test
    void nothingThatIsNoNodeIsFollowed() {
        Set<String> http = Set.of("http");
        assertEquals(URI.create("http://10.0.0.1:7100"), Discovery.node("http://10.0.0.1:7100/", http));
        assertEquals(URI.create("http://[fd00::1]:7100"), Discovery.node("http://[fd00::1]:7100", http));
        for (String garbage : List.of(
                "",
                "null",
                "10.0.0.1:7100",
                "http://10.0.0.1",
                "http://10.0.0.1:0",
                "http://10.0.0.1:70000",
                "http://user@10.0.0.1:7100",
                "http://10.0.0.1:7100/v1?x=y",
                "http://10.0.0.1:7100/path",
                "http://10.0.0.1:7100#x",
                "https://10.0.0.1:7100",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://a b:7100",
                "http://\r\nX: y:7100",
                "http://" + "a".repeat(600) + ":7100")) {
            assertNull(Discovery.node(garbage, http), garbage);
        }
        assertNull(Discovery.node("http://10.0.0.1:7100", Set.of("https")), "never from https to http");
    }

    @Test
    void whatAServerSaysInPlaceOfMembersChangesNothing() {
        for (String garbage : List.of("{", "[]", "{\"members\":[{\"http\":\"http://127.0.0.9:7100\"}]}", "null")) {
            transport.at(SEED, (request, answer) -> {
                if (request.target().equals("/v1/cluster")) {
                    answer.complete(new TransportResponse(200, Map.of(), garbage.getBytes()));
                } else {
                    transport.well().take(request, answer);
                }
            });
            CoreClient client = discovering(List.of(SEED), true);
            LeaseHandle lease = take(client, LOCK);
            loop.pass(40_000);
            lease.check();
            assertFalse(reached.contains(URI.create("http://127.0.0.9:7100")));
            Futures.forget(client.release(lease));
            loop.pass(1_000);
        }
    }

    @Test
    void aCredentialIsNotSentInClearTextToANodeThatWasNamed() {
        URI near = URI.create("http://127.0.0.9:7100");
        URI far = URI.create("http://192.0.2.7:7100");
        serve(SEED, near.toString(), far.toString());
        serve(near);
        serve(far);
        CoreClient client = discovering(List.of(SEED), true);
        LeaseHandle lease = take(client, LOCK);
        transport.at(SEED, FakeTransport.refuses());
        transport.at(near, FakeTransport.refuses());
        credentials.clear();
        loop.pass(30_000);
        lease.check();
        assertTrue(reached.contains(far));
        assertEquals(List.of(), credentials);
    }

    @Test
    void nodesAreBoundedAndTheEndpointsStay() {
        Nodes nodes = new Nodes(FakeTransport.NODES, 0.5);
        assertEquals(FakeTransport.NODES.get(1), nodes.get(0));
        nodes.found(IntStream.range(1, 1000)
                .mapToObj(i -> URI.create("http://10.0." + i / 250 + "." + i % 250 + ":7100"))
                .toList());
        assertEquals(Nodes.MAX, nodes.size());
        assertEquals(FakeTransport.NODES.get(1), nodes.get(0), "the home stays");
        Set<URI> all = new TreeSet<>();
        IntStream.range(0, nodes.size()).forEach(i -> all.add(nodes.get(i)));
        assertTrue(all.containsAll(FakeTransport.NODES));
        nodes.answered(URI.create("http://10.0.0.3:7100"));
        assertEquals(URI.create("http://10.0.0.3:7100"), nodes.get(0));
        nodes.found(List.of());
        assertEquals(3, nodes.size());
        assertTrue(FakeTransport.NODES.contains(nodes.get(0)));
    }

    @Test
    void aNameWithSeveralAddressesIsSeveralNodes() throws Exception {
        URI endpoint = URI.create("https://holdfast.example:7100");
        InetAddress one = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress two = InetAddress.getByName("fd00::2");
        NodeAddresses addresses = new NodeAddresses();
        assertEquals(
                List.of(URI.create("https://10.0.0.1:7100"), URI.create("https://[fd00:0:0:0:0:0:0:2]:7100")),
                addresses.several(endpoint, "holdfast.example", one, two));
        assertEquals(List.of(), addresses.several(endpoint, "holdfast.example", one), "nothing to add");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertEquals(List.of(), addresses.several(endpoint, "localhost", loopback, loopback));

        // The first address is dead, and so the name as the platform resolves it.
        URI dead = URI.create("http://10.0.0.1:7100");
        URI living = URI.create("http://10.0.0.2:7100");
        transport.addresses.put(SEED, List.of(dead, living));
        transport.at(SEED, FakeTransport.refuses());
        transport.at(dead, FakeTransport.refuses());
        serve(living);
        take(discovering(List.of(SEED), false), LOCK).check();
        assertEquals(Set.of(living), reached);
    }
}

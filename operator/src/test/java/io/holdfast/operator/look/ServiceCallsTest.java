package io.holdfast.operator.look;

import static io.holdfast.operator.look.StubService.change;
import static io.holdfast.operator.look.StubService.cluster;
import static io.holdfast.operator.look.StubService.json;
import static io.holdfast.operator.look.StubService.member;
import static io.holdfast.operator.look.StubService.problem;
import static io.holdfast.operator.look.StubService.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceCallsTest {

    private static final String GET = "GET /v1/cluster";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final StubService service = new StubService();
    private final ServiceCalls calls = new ServiceCalls(service.port(), LONG, LONG);
    private final Endpoint first = new Endpoint("127.0.0.1", "shop.orders", 1);

    @AfterEach
    void close() {
        calls.close();
        service.close();
    }

    @Test
    void aViewIsWhatTheNodeAnswered() throws InterruptedException {
        ClusterBody body = cluster("shop.orders", 1, 1, member(1, "voter", "leader"), member(2, "observer", "unknown"));
        service.on(GET, json(200, body));
        assertEquals(body, calls.cluster(first).value().orElseThrow());
    }

    @Test
    void nodesAreAskedAtOnceAndOneThatIsSilentCostsItsTimeOnly() throws InterruptedException {
        try (ServiceCalls brief = new ServiceCalls(service.port(), Duration.ofMillis(200), LONG)) {
            service.on(GET, service.silence());
            Endpoint second = new Endpoint("127.0.0.1", "shop.orders", 2);
            Map<Endpoint, Answer<ClusterBody>> answers = brief.clusters(List.of(first, second));
            assertEquals(List.of(first, second), List.copyOf(answers.keySet()));
            answers.values().forEach(answer -> assertEquals("no answer within 200 ms", answer.why()));
            assertEquals(2, service.requests().size());
        }
    }

    @Test
    void aBodyThatNeverEndsIsNoAnswer() throws InterruptedException {
        try (ServiceCalls brief = new ServiceCalls(service.port(), Duration.ofMillis(200), LONG)) {
            service.on(GET, exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                service.silence().to(exchange);
            });
            assertEquals("no answer within 200 ms", brief.cluster(first).why());
        }
    }

    @Test
    void anAnswerBeyondTheBoundIsNone() throws InterruptedException {
        service.on(GET, text(200, "x".repeat(ServiceCalls.ANSWER_BYTES_MAX + 1)));
        assertEquals("an answer of more than 262144 bytes", calls.cluster(first).why());
    }

    @Test
    void aNodeOfAnotherEnsembleAtThatAddressIsNoAnswer() throws InterruptedException {
        service.on(GET, json(200, cluster("bank.ledger", 1, 1, member(1, "voter", "leader"))));
        assertEquals(
                "a node of another ensemble answered: its cluster id is 'bank.ledger', not 'shop.orders'",
                calls.cluster(first).why());
    }

    @Test
    void anotherNodeAtThatAddressIsNoAnswer() throws InterruptedException {
        service.on(GET, json(200, cluster("shop.orders", 2, 1, member(1, "voter", "leader"))));
        assertEquals("node 2 answered, not node 1", calls.cluster(first).why());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "<html>", "{\"clusterId\":7}", "{\"clusterId\":\"shop.orders\"}"})
    void whatIsNoViewIsNoAnswer(String body) throws InterruptedException {
        service.on(GET, text(200, body));
        Answer<ClusterBody> answer = calls.cluster(first);
        assertTrue(answer instanceof Answer.None<ClusterBody>);
        assertTrue(answer.why().startsWith("HTTP status 200 with a body that is not the service's: "), answer.why());
        assertEquals(1, answer.why().lines().count());
    }

    @Test
    void membersThatCannotBeAreNoAnswer() throws InterruptedException {
        service.on(GET, json(200, cluster("shop.orders", 1, 1, member(1, "voter", "x"), member(1, "voter", "x"))));
        assertTrue(calls.cluster(first).why().contains("id 1 twice"));
        service.on(GET, json(200, cluster("shop.orders", 1, 1, member(1, "king", "x"))));
        assertTrue(calls.cluster(first).why().contains("role 'king'"));
        service.on(GET, json(200, cluster("shop.orders", 1, 1, member(1, "voter", "x".repeat(65)))));
        assertTrue(calls.cluster(first).why().contains("too long"));
    }

    @Test
    void aRedirectIsNotFollowed() throws InterruptedException {
        service.on(GET, exchange -> {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + service.port() + "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        });
        assertEquals(
                "HTTP status 302, not the service's answer",
                calls.cluster(first).why());
        assertEquals(List.of(GET), service.requests());
    }

    @Test
    void noConnectionIsSaidAsSuch() throws InterruptedException {
        service.close();
        assertEquals(
                "no connection: refused or unreachable", calls.cluster(first).why());
    }

    @Test
    void theProbeChangesNothing() throws InterruptedException {
        service.on("PATCH /v1/cluster/members/3", json(200, change(7)));
        assertTrue(calls.probe(first, 3).value().isPresent());
        assertEquals(List.of("PATCH /v1/cluster/members/3?dryRun=true {\"role\":\"voter\"}"), service.requests());
    }

    @Test
    void everyChangeIsConditional() throws InterruptedException {
        service.on("POST /v1/cluster/members", json(201, change(8)))
                .on("PATCH /v1/cluster/members/4", json(200, change(9)))
                .on("DELETE /v1/cluster/members/2", json(202, change(10)))
                .on("POST /v1/cluster/leader", json(200, cluster("shop.orders", 1, 3)));
        assertEquals(
                8,
                calls.add(first, 4, "h:7101", 7)
                        .value()
                        .orElseThrow()
                        .configuration()
                        .version());
        assertEquals(
                9,
                calls.promote(first, 4, 8).value().orElseThrow().configuration().version());
        assertEquals(
                10,
                calls.remove(first, 2, 9).value().orElseThrow().configuration().version());
        assertEquals(3, calls.transfer(first, 3).value().orElseThrow().leader());
        assertEquals(
                List.of(
                        "POST /v1/cluster/members?ifVersion=7 {\"id\":4,\"address\":\"h:7101\",\"role\":\"observer\"}",
                        "PATCH /v1/cluster/members/4?ifVersion=8 {\"role\":\"voter\"}",
                        "DELETE /v1/cluster/members/2?ifVersion=9",
                        "POST /v1/cluster/leader {\"to\":3}"),
                service.requests());
    }

    @Test
    void aRefusalKeepsTheWordsOfTheService() throws InterruptedException {
        service.on(
                "DELETE /v1/cluster/members/2",
                problem(ProblemType.WOULD_LOSE_QUORUM, "voters 1 and 2 would be left, and 1 is away\nwait for it"));
        Answer<?> answer = calls.remove(first, 2, 9);
        assertEquals("would-lose-quorum", answer.slug());
        assertEquals("would-lose-quorum: voters 1 and 2 would be left, and 1 is away wait for it", answer.why());
    }

    @Test
    void anErrorThatIsNotTheServicesIsNoRefusal() throws InterruptedException {
        service.on("DELETE /v1/cluster/members/2", text(503, "upstream connect error"));
        Answer<?> answer = calls.remove(first, 2, 9);
        assertEquals("", answer.slug());
        assertEquals("HTTP status 503, not the service's answer", answer.why());
    }
}

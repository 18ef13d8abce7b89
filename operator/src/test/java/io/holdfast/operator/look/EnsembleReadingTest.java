package io.holdfast.operator.look;

import static io.holdfast.operator.look.StubService.change;
import static io.holdfast.operator.look.StubService.cluster;
import static io.holdfast.operator.look.StubService.json;
import static io.holdfast.operator.look.StubService.member;
import static io.holdfast.operator.look.StubService.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.ProblemType;
import io.holdfast.operator.plan.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnsembleReadingTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ClusterBody LEADER =
            cluster("shop.orders", 1, 1, member(1, "voter", "leader"), member(2, "voter", "follower"));

    private final StubService service = new StubService();
    private final ServiceCalls calls = new ServiceCalls(service.port(), LONG, LONG);
    private final Map<Endpoint, Answer<ClusterBody>> answers = new LinkedHashMap<>();

    @AfterEach
    void close() {
        calls.close();
        service.close();
    }

    private void answered(int node, ClusterBody body) {
        answers.put(new Endpoint("127.0.0.1", "shop.orders", node), new Answer.Given<>(body));
    }

    private EnsembleReading.Found read() throws InterruptedException {
        return new EnsembleReading(calls, (id, address) -> id != 2).read(answers, null, NOON);
    }

    private Look.Ensemble.Unconfirmed doubt() throws InterruptedException {
        EnsembleReading.Found found = read();
        assertNull(found.leader());
        return assertInstanceOf(Look.Ensemble.Unconfirmed.class, found.ensemble());
    }

    @Test
    void aLeaderThatAQuorumConfirmsCounts() throws InterruptedException {
        answered(2, cluster("shop.orders", 2, 1, member(1, "voter", "leader"), member(2, "voter", "follower")));
        answered(1, LEADER);
        service.on("GET /v1/cluster", json(200, LEADER)).on("PATCH /v1/cluster/members/1", json(200, change(7)));
        EnsembleReading.Found found = read();
        Look.Ensemble.Confirmed confirmed = assertInstanceOf(Look.Ensemble.Confirmed.class, found.ensemble());
        assertEquals(1, confirmed.leader());
        assertEquals(7, confirmed.configurationVersion());
        assertEquals(
                List.of(true, false),
                confirmed.members().stream().map(Look.Member::ours).toList());
        assertEquals(1, found.leader().node());
    }

    @Test
    void noAnswerIsNoAnswer() throws InterruptedException {
        assertEquals(Look.Doubt.NO_ANSWER, doubt().reason());
        answers.put(new Endpoint("127.0.0.1", "shop.orders", 1), new Answer.None<>("no connection"));
        assertEquals("node 1: no connection", doubt().detail());
    }

    @Test
    void aLeaderOfWhichOnlyOthersTellIsNone() throws InterruptedException {
        answered(2, cluster("shop.orders", 2, 1, member(1, "voter", "unknown"), member(2, "voter", "follower")));
        assertEquals(Look.Doubt.NO_QUORUM, doubt().reason());
        assertEquals("node 2 names 1 as leader, which did not answer as such", doubt().detail());
        assertEquals(List.of(), service.requests());
    }

    @Test
    void twoLeadersInOneEpochAreAContradiction() throws InterruptedException {
        answered(1, LEADER);
        answered(2, cluster("shop.orders", 2, 2, member(1, "voter", "unknown"), member(2, "voter", "leader")));
        assertEquals(Look.Doubt.CONTRADICTION, doubt().reason());
        assertEquals(List.of(), service.requests());
    }

    @Test
    void aProbeThatIsRefusedIsNoQuorumInTheServicesWords() throws InterruptedException {
        answered(1, LEADER);
        service.on("PATCH /v1/cluster/members/1", problem(ProblemType.NO_LEADER, "no quorum answered in time"));
        Look.Ensemble.Unconfirmed doubt = doubt();
        assertEquals(Look.Doubt.NO_QUORUM, doubt.reason());
        assertTrue(doubt.detail().endsWith("no-leader: no quorum answered in time"), doubt.detail());
        assertEquals(NOON, doubt.since());
    }

    @Test
    void aLeaderThatWasOneNoMoreAfterTheProbeDoesNotCount() throws InterruptedException {
        answered(1, LEADER);
        service.on("PATCH /v1/cluster/members/1", json(200, change(7)))
                .on("GET /v1/cluster", json(200, cluster("shop.orders", 1, 2, member(1, "voter", "follower"))));
        assertEquals(Look.Doubt.NO_QUORUM, doubt().reason());
    }
}

package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static io.holdfast.zab.ensemble.Scenario.started;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.TakeOver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leadership changes on request, and no request fails for it (protocol.md#leadership-transfer). */
final class HandOffTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 7})
    void whoIsNamedLeadsWithinFiftyMillisecondsAndNoRequestFails(int voters) {
        SimEnsemble ensemble = started(voters, voters);
        for (int round = 0; round < 20; round++) {
            SimNode leader = ensemble.leader();
            SimNode successor = ensemble.nodes().get((ensemble.nodes().indexOf(leader) + 1) % voters);
            SimNode asked = ensemble.nodes().get(round % voters);
            long before = ensemble.scheduler().now();
            List<Long> requests = new ArrayList<>();
            for (SimNode node : ensemble.nodes()) {
                requests.add(ensemble.submit(node));
            }
            ensemble.handOff(asked, successor.id());
            for (SimNode node : ensemble.nodes()) {
                requests.add(ensemble.submit(node));
            }
            ensemble.await("server " + successor.id() + " leads", 50, successor::leads);
            ensemble.await("all are answered", 50, () -> allAnswered(ensemble, requests));
            assertTrue(
                    ensemble.scheduler().now() - before < 50_000_000,
                    () -> ensemble.history().lastLines(40));
            ensemble.await("all serve", 500, () -> ensemble.leader() == successor);
            ensemble.runMillis(300);
        }
        assertEquals(0, ensemble.history().failures());
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    private static boolean allAnswered(SimEnsemble ensemble, List<Long> requests) {
        return requests.stream()
                .allMatch(request -> ensemble.nodes().stream().allMatch(node -> ensemble.isAnswered(node, request)));
    }

    @Test
    void aServerThatIsNotInStepIsNotNamed() {
        SimEnsemble ensemble = started(11, 3);
        SimNode leader = ensemble.leader();
        SimNode down = Scenario.any(ensemble, leader);
        ensemble.crash(down);
        ensemble.runMillis(20);
        ensemble.handOff(leader, down.id());
        ensemble.handOff(leader, new ServerId(77));
        ensemble.handOff(leader, leader.id());
        long request = ensemble.submit(leader);
        ensemble.await("an answer", 100, () -> ensemble.isAnswered(leader, request));
        assertEquals(1, ensemble.history().leaders());
    }

    /** Each question begins a round, so that none is ever due; what rounds bring along must come all the same. */
    @Test
    void aLeaderThatIsAskedAllTheTimeStillTellsWhoIsInStep() {
        SimEnsemble ensemble = started(14, 3);
        SimNode leader = ensemble.leader();
        SimNode down = Scenario.any(ensemble, leader);
        ensemble.crash(down);
        for (int i = 0; i < 100; i++) {
            ensemble.read(leader);
            ensemble.runMillis(10);
        }
        Scenario.others(ensemble, leader, other -> {
            if (other != down) {
                assertEquals(2, other.status().members().size(), "in the eyes of a follower");
            }
        });
        assertTrue(leader.status().members().stream()
                .noneMatch(member -> member.id().equals(down.id())));
    }

    @Test
    void aSuccessorThatDiesBeforeItKnowsCostsNoRequest() {
        SimEnsemble ensemble = started(12, 3);
        SimNode leader = ensemble.leader();
        SimNode successor = Scenario.any(ensemble, leader);
        // Its acknowledgements do not arrive, so it never has all there is.
        ensemble.network().block(successor.id(), leader.id());
        long before = ensemble.submit(leader);
        ensemble.handOff(leader, successor.id());
        ensemble.crash(successor);
        long after = ensemble.submit(leader);
        ensemble.await(
                "answers", 3_000, () -> ensemble.isAnswered(leader, before) && ensemble.isAnswered(leader, after));
        assertEquals(0, ensemble.history().failures());
        assertEquals(1, ensemble.history().leaders());
    }

    @Test
    void aSuccessorThatDiesWhenItIsNamedIsReplacedByAnElection() {
        SimEnsemble ensemble = started(13, 3);
        SimNode leader = ensemble.leader();
        SimNode successor = Scenario.any(ensemble, leader);
        boolean[] named = Scenario.whenFirst(ensemble, TakeOver.class, 1, () -> ensemble.crash(successor));
        ensemble.handOff(leader, successor.id());
        long request = ensemble.submit(leader);
        ensemble.await("an answer", 3_000, () -> ensemble.isAnswered(leader, request));
        assertTrue(named[0]);
        ensemble.start(successor);
        ensemble.awaitLeader();
        assertEquals(0, ensemble.history().failures());
    }
}

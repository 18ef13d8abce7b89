package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.zab.core.MemberRole;
import org.junit.jupiter.api.Test;

/**
 * Members that missed changes of the configuration, or return with another role or disk (protocol.md#reconfiguration).
 */
final class LateMembersTest {

    private static final long LIMIT_MILLIS = 3_000;

    private static SimEnsemble started(long seed, int voters, int observers) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, observers, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(300);
        return ensemble;
    }

    private static SimNode leader(SimEnsemble ensemble) {
        ensemble.await("a leader", LIMIT_MILLIS, () -> Scenario.aLeader(ensemble) != null);
        return Scenario.aLeader(ensemble);
    }

    private static void change(SimEnsemble ensemble, int id, MemberRole role) {
        SimNode leader = leader(ensemble);
        long request =
                ensemble.reconfigure(leader, MembershipTest.with(leader.status().configuration(), id, role));
        ensemble.await(
                "server " + id + " is " + role,
                LIMIT_MILLIS,
                () -> ensemble.isAnswered(leader, request) && leader.status().settled());
        assertNull(ensemble.refusal(request));
    }

    /** It is one of a quorum of the present voters, and takes the other one of them for an observer. */
    @Test
    void aVoterThatMissedChangesHelpsToElectWhomItDoesNotKnowToVote() {
        SimEnsemble ensemble = started(1, 3, 1);
        SimNode leader = leader(ensemble);
        SimNode late = Scenario.any(ensemble, leader);
        int third = 6 - leader.id().value() - late.id().value();
        ensemble.crash(late);
        change(ensemble, 4, MemberRole.VOTER);
        change(ensemble, third, MemberRole.OBSERVER);
        answered(ensemble, leader, 500);
        ensemble.crash(leader);
        ensemble.crash(ensemble.node(third));
        ensemble.start(late);
        ensemble.await("server 4 leads", LIMIT_MILLIS, ensemble.node(4)::leads);
        ensemble.await(
                "both have the configuration",
                LIMIT_MILLIS,
                () -> late.status().configuration().version() == 2);
        answered(ensemble, late, 500);
    }

    /** A disk that lost what it acknowledged is shut out, but this is another server with the same id. */
    @Test
    void aServerThatWasRemovedComesBackWithAnEmptyDisk() {
        SimEnsemble ensemble = started(2, 3, 0);
        SimNode leader = leader(ensemble);
        for (int i = 0; i < 2; i++) {
            change(ensemble, 4, MemberRole.OBSERVER);
            SimNode joiner = ensemble.startJoiner(4);
            ensemble.await("server 4 serves", LIMIT_MILLIS, joiner::serves);
            answered(ensemble, joiner, 500);
            change(ensemble, 4, null);
            ensemble.crash(joiner);
        }
        assertEquals(leader, leader(ensemble));
        assertEquals(1, ensemble.history().leaders());
    }
}

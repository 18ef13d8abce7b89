package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Observers have everything that is committed, serve their clients, and count for nothing (protocol.md#observers). */
final class ObserverTest {

    private static SimEnsemble started(long seed, int voters, int observers) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, observers, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    @Test
    void anObserverServesItsClients() {
        SimEnsemble ensemble = started(1, 3, 2);
        SimNode observer = ensemble.node(4);
        assertEquals(Role.OBSERVING, observer.status().role());
        for (int i = 0; i < 20; i++) {
            answered(ensemble, observer, 100);
        }
        ensemble.read(observer);
        ensemble.touch(observer);
        ensemble.await(
                "a read and a touch",
                100,
                () -> ensemble.history().reads() == 1 && ensemble.history().confirmedTouches() == 1);
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    @Test
    void observersAreNoQuorum() {
        SimEnsemble ensemble = started(2, 3, 4);
        ensemble.crash(ensemble.node(2));
        ensemble.crash(ensemble.node(3));
        ensemble.runMillis(20_000);
        assertEquals(1, ensemble.history().leaders());
        assertFalse(ensemble.nodes().stream().anyMatch(SimNode::serves));
    }

    @Test
    void anObserverHearsOfNothingThatIsNotCommittedAndAcknowledgesNothing() {
        SimEnsemble ensemble = new SimEnsemble(3, 3, 1, SMALL);
        ensemble.network().tap((from, to, message) -> {
            boolean ofObserver = from.value() == 4 || to.value() == 4;
            assertFalse(ofObserver && (message instanceof Proposal || message instanceof Ack), () -> message + "");
            return true;
        });
        ensemble.startAll();
        ensemble.awaitLeader();
        for (int i = 0; i < 50; i++) {
            answered(ensemble, ensemble.node(1 + i % 4), 500);
        }
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    /** Two observers and the leader would be three of five, if anybody counted. */
    @Test
    void whatObserversForgeChangesNothing() {
        SimEnsemble ensemble = started(7, 3, 2);
        SimNode leader = ensemble.leader();
        Zxid committed = leader.status().lastCommitted();
        Scenario.others(ensemble, leader, other -> {
            if (other.status().role() == Role.FOLLOWING) {
                other.pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(800));
            }
        });
        ensemble.submit(leader);
        ensemble.read(leader);
        ensemble.touch(leader);
        ensemble.runMillis(20);
        Zab.Status before = leader.status();
        int[] forged = {0};
        ensemble.network().tap((from, to, message) -> {
            forged[0] += from.value() > 3 && (message instanceof Ack || message instanceof AckNewLeader) ? 1 : 0;
            return true;
        });
        for (int id = 4; id <= 5; id++) {
            for (ReplicationMessage lie : List.of(
                    new Ack(before.epoch(), before.lastLogged()),
                    new Pong(before.epoch(), 1_000_000, before.lastLogged(), before.lastLogged(), before.lastLogged()),
                    new AckNewLeader(before.epoch(), before.lastLogged()))) {
                ensemble.network().forge(new ServerId(id), leader.id(), lie);
            }
        }
        ensemble.runMillis(600);
        assertEquals(4, forged[0]);
        assertTrue(leader.leads());
        assertTrue(leader.status().lastLogged().isAfter(committed));
        assertEquals(committed, leader.status().lastCommitted());
        assertEquals(0, ensemble.history().reads());
        assertEquals(0, ensemble.history().confirmedTouches());
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
    }

    @Test
    void observersComeAndGoWithoutAnElection() {
        SimEnsemble ensemble = started(4, 3, 4);
        for (int round = 0; round < 5; round++) {
            for (int id = 4; id <= 7; id++) {
                ensemble.crash(ensemble.node(id));
            }
            answered(ensemble, ensemble.leader(), 100);
            for (int id = 4; id <= 7; id++) {
                ensemble.start(ensemble.node(id));
            }
            ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
        }
        assertEquals(1, ensemble.history().leaders());
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
        assertEquals(0, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
    }

    @Test
    void anObserverThatWasAwayForLongGetsASnapshot() {
        SimEnsemble ensemble = started(5, 3, 1);
        ensemble.crash(ensemble.node(4));
        for (int i = 0; i < 300; i++) {
            answered(ensemble, ensemble.leader(), 1_000);
        }
        ensemble.start(ensemble.node(4));
        ensemble.await("it is back", 5_000, () -> ensemble.node(4).serves() && hasConverged(ensemble));
        assertEquals(1, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
    }

    @Test
    void anObserverThatHearsNoLeaderServesNobody() {
        SimEnsemble ensemble = started(6, 3, 1);
        SimNode observer = ensemble.node(4);
        for (int id = 1; id <= 3; id++) {
            ensemble.network().block(ensemble.node(id).id(), observer.id());
        }
        ensemble.await("it stops", SMALL.syncLimitMillis() + 100, () -> !observer.serves());
        ensemble.network().healAll();
        ensemble.await("it serves again", 2_000, observer::serves);
        assertEquals(1, ensemble.history().leaders());
    }

    /** It takes itself for a voter until it is told, and those are fed by the leader alone. */
    @Test
    void aVoterThatLostItsVoteWhileItWasAwayComesBackAsAnObserver() {
        SimEnsemble ensemble = new SimEnsemble(21, 3, 0, FanOutTest.FANNED);
        ensemble.startAll();
        SimNode leader = ensemble.awaitLeader();
        SimNode away = Scenario.any(ensemble, leader);
        ensemble.crash(away);
        ensemble.runMillis(50);
        ensemble.reconfigure(
                leader,
                MembershipTest.with(leader.status().configuration(), away.id().value(), MemberRole.OBSERVER));
        ensemble.await("it has no vote", 1_000, () -> !leader.status().quorum().isVoter(away.id()));
        ensemble.start(away);
        ensemble.await("it follows", 3_000, away::serves);
        assertEquals(Role.OBSERVING, away.status().role());
    }
}

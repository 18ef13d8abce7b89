package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.SyncBegin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A peer that says what no honest one can say costs its link, and neither a node nor the numbers of all. */
class ImplausiblePeersTest {

    private static final long LIMIT_MILLIS = 20_000;

    private static SimEnsemble started(long seed, int observers) {
        SimEnsemble ensemble = new SimEnsemble(seed, 3, observers, SMALL);
        ensemble.history().expectLies();
        ensemble.history().expectDivergence();
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    private static FollowerInfo promised(DiskId disk, long epoch, long configVersion) {
        return new FollowerInfo(disk, epoch, new ServerId(9), configVersion, 1, Set.of());
    }

    private static void serves(SimEnsemble ensemble) {
        ensemble.await("all serve", LIMIT_MILLIS, () -> ensemble.leader() != null);
        for (SimNode node : ensemble.nodes()) {
            Scenario.answered(ensemble, node, 2_000);
        }
    }

    @Test
    void anEpochThatNoElectionCanHaveReachedIsNotTakenOverFromAnybody() {
        SimEnsemble ensemble = started(1, 1);
        SimNode leader = ensemble.awaitLeader();
        long epoch = leader.status().epoch();
        SimNode voter = Scenario.any(ensemble, leader);
        List<ServerId> names = List.of(voter.id(), new ServerId(4));
        for (ServerId name : names) {
            for (long claimed : new long[] {epoch + (1 << 16) + 1, Zxid.MAX_EPOCH}) {
                Link link = ensemble.network().openAs(name, leader);
                DiskId disk = ensemble.node(name).disk().id();
                ensemble.network().say(leader, link, promised(disk, claimed, 0));
                assertTrue(ensemble.network().isClosed(link), "server " + name + ", epoch " + claimed);
                assertEquals(Role.LEADING, leader.status().role());
                serves(ensemble);
                assertEquals(epoch, leader.status().epoch());
            }
        }
        // In discovery too: the next leader hears it before it names its own epoch.
        ensemble.crash(leader);
        ensemble.start(leader);
        for (int i = 0; i < 300; i++) {
            ensemble.runMillis(1);
            for (SimNode node : ensemble.nodes()) {
                Link link = ensemble.network().openAs(new ServerId(node.id().value() % 3 + 1), node);
                ServerId as = link.peer();
                ensemble.network()
                        .say(node, link, promised(ensemble.node(as).disk().id(), Zxid.MAX_EPOCH, 0));
            }
        }
        serves(ensemble);
        assertTrue(ensemble.awaitLeader().status().epoch() < epoch + 500);
    }

    @Test
    void anObserverThatPromisedALittleMoreIsWaitedForAndOneThatPromisedMuchMoreIsNot() {
        SimEnsemble ensemble = started(2, 1);
        SimNode leader = ensemble.awaitLeader();
        long epoch = leader.status().epoch();
        Link far = ensemble.network().openAs(new ServerId(4), leader);
        ensemble.network().say(leader, far, promised(new DiskId(1, 4), epoch + 17, 0));
        assertTrue(ensemble.network().isClosed(far));
        assertEquals(Role.LEADING, leader.status().role());
        Link near = ensemble.network().openAs(new ServerId(4), leader);
        ensemble.network().say(leader, near, promised(new DiskId(1, 4), epoch + 2, 0));
        assertEquals(Role.LOOKING, leader.status().role());
        serves(ensemble);
        assertEquals(epoch + 3, ensemble.awaitLeader().status().epoch());
    }

    @Test
    void aVersionOfTheConfigurationThatNobodyCanHaveMadeDeposesNoLeader() {
        SimEnsemble ensemble = started(3, 0);
        SimNode leader = ensemble.awaitLeader();
        SimNode voter = Scenario.any(ensemble, leader);
        Link link = ensemble.network().openAs(voter.id(), leader);
        ensemble.network().say(leader, link, promised(voter.disk().id(), 1, Long.MAX_VALUE));
        assertTrue(ensemble.network().isClosed(link));
        assertEquals(Role.LEADING, leader.status().role());
        serves(ensemble);
    }

    @Test
    void electionsGoOnInTheLastRoundThereIs() {
        SimEnsemble ensemble = started(4, 0);
        for (int i = 0; i < 3; i++) {
            SimNode leader = ensemble.awaitLeader();
            ensemble.crash(leader);
            ensemble.runMillis(30);
            Notification last = new Notification(Role.LOOKING, Notification.MAX_ROUND, null, null, 0, 0);
            Scenario.others(
                    ensemble,
                    leader,
                    node -> node.event(
                            core -> core.notified(ensemble.scheduler().now(), leader.id(), last)));
            ensemble.await("another leads", LIMIT_MILLIS, () -> ensemble.leader() != null);
            ensemble.start(leader);
            serves(ensemble);
        }
    }

    @Test
    void moreMembersThanThereMayBeInTwoConfigurationsAreRefused() {
        SimEnsemble ensemble = started(5, 1);
        SimNode leader = ensemble.awaitLeader();
        Configuration now = leader.status().configuration();
        List<Member> members = new ArrayList<>(now.members().subList(0, 3));
        for (int id = 100; members.size() < Configuration.MAX_MEMBERS; id++) {
            members.add(new Member(new ServerId(id), MemberRole.OBSERVER, "sim", id));
        }
        long request = ensemble.reconfigure(Scenario.any(ensemble, leader), now.next(members));
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.refusal(request) != null);
        assertEquals(RequestFailure.MALFORMED, ensemble.refusal(request));
        serves(ensemble);
        // With one member less than that the two have as many as one may have.
        long fits = ensemble.reconfigure(leader, now.next(members.subList(0, Configuration.MAX_MEMBERS - 1)));
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, fits));
        assertEquals(null, ensemble.refusal(fits));
    }

    @Test
    void aRemovedMemberThatDoesNotLeaveIsServedNoMore() {
        SimEnsemble ensemble = started(6, 2);
        SimNode leader = ensemble.awaitLeader();
        ServerId observer = new ServerId(5);
        ensemble.crash(ensemble.node(observer));
        Link link = ensemble.network().openAs(observer, leader);
        ensemble.network().say(leader, link, promised(new DiskId(1, 5), 0, 0));
        ensemble.network().say(leader, link, new AckEpoch(leader.status().epoch(), 0, Zxid.ZERO, 0));
        assertFalse(ensemble.network().isClosed(link));
        Configuration now = leader.status().configuration();
        long request = ensemble.reconfigure(leader, now.next(now.members().subList(0, 4)));
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, request));
        ensemble.await(
                "its link ends",
                2L * SMALL.heartbeatMillis(),
                () -> ensemble.network().isClosed(link));
    }

    @Test
    void aFollowerThatIsToldWhatDoesNotFitLeavesAndLives() {
        SimEnsemble ensemble = started(7, 0);
        List<ReplicationMessage> lies = new ArrayList<>();
        SimNode first = ensemble.awaitLeader();
        long epoch = first.status().epoch();
        Zxid last = first.status().lastLogged();
        Zxid next = last.epoch() == epoch ? last.next() : new Zxid(epoch, 1);
        Txn unchained = new Txn(next, last, TxnType.COMMAND, new Origin(first.id(), 1), Payload.EMPTY, 7);
        lies.add(new Proposal(unchained, Zxid.ZERO));
        lies.add(new Commit(epoch, new Zxid(epoch, Zxid.MAX_COUNTER)));
        lies.add(new Ping(epoch, 1, new Zxid(Zxid.MAX_EPOCH, 1), Long.MIN_VALUE));
        lies.add(new SyncBegin(SyncMode.TRUNC, Zxid.ZERO, 0, 0, 0));
        lies.add(new NewLeader(epoch, Zxid.ZERO, 0));
        for (ReplicationMessage lie : lies) {
            SimNode leader = ensemble.awaitLeader();
            SimNode follower = Scenario.any(ensemble, leader);
            ensemble.network().forge(leader.id(), follower.id(), lie);
            ensemble.runMillis(20);
            serves(ensemble);
        }
    }

    @Test
    void aLearnerIsNotTakenBackBeforeWhatItKnowsToBeCommitted() {
        SimEnsemble ensemble = started(8, 0);
        serves(ensemble);
        boolean[] lied = {false};
        ensemble.network().falsify(message -> {
            if (lied[0] || !(message instanceof SyncBegin)) {
                return message;
            }
            lied[0] = true;
            return new SyncBegin(SyncMode.TRUNC, Zxid.ZERO, 0, 0, 0);
        });
        ensemble.await("a synchronization", LIMIT_MILLIS, () -> {
            ensemble.network().cutOne();
            return lied[0];
        });
        serves(ensemble);
    }

    @Test
    void aForgedWordThatTheLeaderLooksForAnotherDeposesNobody() {
        SimEnsemble ensemble = started(10, 0);
        SimNode leader = ensemble.awaitLeader();
        long epoch = leader.status().epoch();
        Notification forged = new Notification(
                Role.LOOKING, 1 << 20, null, null, 0, 0, leader.disk().id());
        for (int i = 0; i < 100; i++) {
            ensemble.runMillis(20);
            Scenario.others(
                    ensemble,
                    leader,
                    node -> node.event(
                            core -> core.notified(ensemble.scheduler().now(), leader.id(), forged)));
        }
        assertEquals(leader, ensemble.awaitLeader());
        assertEquals(epoch, leader.status().epoch());
        serves(ensemble);
    }

    @Test
    void whatIsRelayedForAVoterIsNotProposed() {
        SimEnsemble ensemble = started(11, 1);
        SimNode leader = ensemble.awaitLeader();
        SimNode follower = Scenario.any(ensemble, leader);
        for (int named = 1; named <= 4; named++) {
            Request request = new Request(100 + named, TxnType.COMMAND, Payload.EMPTY);
            ensemble.network().forge(follower.id(), leader.id(), new Relayed(new ServerId(named), 1, request));
        }
        ensemble.await(
                "the observer's is applied",
                LIMIT_MILLIS,
                () -> leader.applied().stream().anyMatch(txn -> txn.origin().requestId() == 104));
        assertTrue(leader.applied().stream()
                .noneMatch(txn -> txn.origin().requestId() > 100 && txn.origin().requestId() < 104));
    }

    @Test
    void aRequestInTheNameOfAnotherServerIsTheOneBehindTheLink() {
        SimEnsemble ensemble = started(9, 0);
        SimNode leader = ensemble.awaitLeader();
        SimNode follower = Scenario.any(ensemble, leader);
        ensemble.network().forge(follower.id(), leader.id(), new Request(77, TxnType.COMMAND, Payload.EMPTY));
        ensemble.await(
                "it is applied",
                LIMIT_MILLIS,
                () -> leader.applied().stream().anyMatch(txn -> txn.origin().equals(new Origin(follower.id(), 77))));
    }
}

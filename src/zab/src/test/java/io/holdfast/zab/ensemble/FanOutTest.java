package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.Touch;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Followers feed observers in their leader's place, and nobody can tell the difference (decision 0018). */
final class FanOutTest {

    private static final int SEEDS = Integer.getInteger("fanout.seeds", 60);
    private static final long FIRST_SEED = Long.getLong("fanout.seed", 1);

    /** A leader feeds no observer itself as long as there is a follower. */
    static final ZabConfig FANNED = withDirect(0);

    static ZabConfig withDirect(int observers) {
        ZabConfig small = EnsembleTest.SMALL;
        return new ZabConfig(
                small.helloMillis(),
                small.reachMillis(),
                small.heartbeatMillis(),
                small.syncLimitMillis(),
                small.initLimitMillis(),
                small.finalizeMillis(),
                small.resendMinMillis(),
                small.resendMaxMillis(),
                small.fsyncStallMillis(),
                small.leaderWaitMillis(),
                small.requestMillis(),
                small.requestsMax(),
                small.outstandingTxnsMax(),
                small.outstandingBytesMax(),
                small.windowTxns(),
                small.windowBytesMax(),
                small.snapshotTxns(),
                small.snapshotBytes(),
                observers);
    }

    static SimEnsemble started(long seed, int voters, int observers, ZabConfig config) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, observers, config);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    /** Returns who feeds each observer, as what passes says; an observer that is fed nothing is missing. */
    static Map<ServerId, ServerId> feeders(SimEnsemble ensemble) {
        Map<ServerId, ServerId> feeders = new TreeMap<>();
        ensemble.network().tap((from, to, message) -> {
            if (message instanceof Inform) {
                feeders.put(to, from);
            }
            return true;
        });
        answered(ensemble, aLeader(ensemble), 500);
        ensemble.runMillis(100);
        ensemble.network().tap((from, to, message) -> true);
        return feeders;
    }

    static SimNode relayOf(SimEnsemble ensemble, SimNode observer) {
        return ensemble.node(feeders(ensemble).get(observer.id()));
    }

    static long count(Map<ServerId, ServerId> feeders, SimNode feeder) {
        return feeders.values().stream().filter(feeder.id()::equals).count();
    }

    private static void converges(SimEnsemble ensemble) {
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
    }

    // ---- who feeds whom ----

    @Test
    void theFollowersShareTheObserversAndTheLeaderFeedsNone() {
        SimEnsemble ensemble = started(1, 3, 16, FANNED);
        Map<ServerId, ServerId> feeders = feeders(ensemble);
        assertEquals(16, feeders.size());
        assertEquals(0, count(feeders, ensemble.leader()));
        Scenario.others(ensemble, ensemble.leader(), node -> {
            if (node.status().role() == Role.FOLLOWING) {
                assertEquals(8, count(feeders, node), "fed by " + node.id());
            }
        });
        converges(ensemble);
        assertEquals(1, ensemble.history().leaders());
    }

    @Test
    void aLeaderFeedsAFewItself() {
        SimEnsemble ensemble = started(2, 3, 6, withDirect(2));
        Map<ServerId, ServerId> feeders = feeders(ensemble);
        assertEquals(2, count(feeders, ensemble.leader()));
        assertEquals(6, feeders.size());
    }

    @Test
    void aLeaderWithoutFollowersFeedsAllObservers() {
        SimEnsemble ensemble = started(3, 1, 4, FANNED);
        assertEquals(4, count(feeders(ensemble), ensemble.leader()));
        for (int id = 1; id <= 5; id++) {
            answered(ensemble, ensemble.node(id), 500);
        }
        converges(ensemble);
    }

    /** Only then there is somebody else. */
    @Test
    void aLeaderPassesItsObserversOnWhenAFollowerComes() {
        SimEnsemble ensemble = new SimEnsemble(4, 3, 4, FANNED);
        for (int id = 2; id <= 3; id++) {
            ensemble.network().refuseLinksTo(new ServerId(id));
        }
        ensemble.network().refuseLinksTo(new ServerId(1));
        ensemble.startAll();
        ensemble.network().healAll();
        SimNode leader = ensemble.awaitLeader();
        Scenario.others(ensemble, leader, node -> {
            if (node.status().role() == Role.FOLLOWING) {
                ensemble.network().refuseLinksTo(node.id());
            }
        });
        for (int id = 4; id <= 7; id++) {
            Scenario.restart(ensemble, ensemble.node(id));
        }
        ensemble.await("the observers serve", 5_000, () -> ensemble.leader() != null);
        assertEquals(4, count(feeders(ensemble), leader));
        ensemble.network().healAll();
        ensemble.await(
                "followers feed them",
                15 * FANNED.initLimitMillis(),
                () -> ensemble.leader() == leader && count(feeders(ensemble), leader) == 0);
        assertEquals(1, ensemble.history().leaders());
    }

    @Test
    void theLeaderKnowsHowFarObserversAreThatOthersFeed() {
        SimEnsemble ensemble = started(5, 3, 4, FANNED);
        answered(ensemble, ensemble.node(5), 500);
        ensemble.runMillis(300);
        for (SimNode node : ensemble.nodes()) {
            assertEquals(7, node.status().members().size(), "as seen by " + node.id());
            for (MemberState member : node.status().members()) {
                assertEquals(ensemble.leader().status().lastApplied(), member.applied());
            }
        }
        ensemble.crash(ensemble.node(7));
        ensemble.runMillis(300);
        assertEquals(6, ensemble.leader().status().members().size());
    }

    // ---- what observers do ----

    @Test
    void anObserverBehindAFollowerServesItsClients() {
        SimEnsemble ensemble = started(6, 3, 2, FANNED);
        for (int i = 0; i < 20; i++) {
            answered(ensemble, ensemble.node(4 + i % 2), 100);
        }
        ensemble.read(ensemble.node(4));
        ensemble.touch(ensemble.node(5));
        ensemble.await(
                "a read and a touch",
                200,
                () -> ensemble.history().reads() == 1 && ensemble.history().confirmedTouches() == 1);
        converges(ensemble);
    }

    /** Each request comes out once, and a server's in the order in which they went in. */
    @Test
    void writesThroughAFollowerKeepTheirOrder() {
        SimEnsemble ensemble = started(7, 3, 3, FANNED);
        int before = ensemble.history().committed().size();
        for (int i = 0; i < 90; i++) {
            ensemble.submit(ensemble.node(4 + i % 3));
        }
        ensemble.runMillis(300);
        Map<ServerId, Long> last = new TreeMap<>();
        var written = ensemble.history()
                .committed()
                .subList(before, ensemble.history().committed().size());
        assertEquals(90, written.size());
        written.forEach(txn -> {
            Long earlier = last.put(txn.origin().server(), txn.origin().requestId());
            assertTrue(earlier == null || earlier < txn.origin().requestId());
        });
    }

    @Test
    void anObserverBehindAFollowerHearsOfNothingThatIsNotCommitted() {
        SimEnsemble ensemble = new SimEnsemble(8, 3, 3, FANNED);
        ensemble.network().tap((from, to, message) -> {
            boolean ofObserver = from.value() > 3 || to.value() > 3;
            assertFalse(ofObserver && (message instanceof Proposal || message instanceof Ack), () -> message + "");
            if (message instanceof Inform inform) {
                assertTrue(
                        ensemble.nodes().stream()
                                        .filter(node -> node.id().value() <= 3)
                                        .filter(node -> node.isUp()
                                                && !node.status()
                                                        .lastDurable()
                                                        .isBefore(inform.txn().zxid()))
                                        .count()
                                >= 2,
                        () -> inform + " is on no quorum's disks");
            }
            return true;
        });
        ensemble.startAll();
        ensemble.awaitLeader();
        for (int i = 0; i < 50; i++) {
            answered(ensemble, ensemble.node(1 + i % 6), 500);
        }
        converges(ensemble);
    }

    /** The leader is silent, so a follower's word must not be enough. */
    @Test
    void nothingIsConfirmedByAFollowerItself() {
        SimEnsemble ensemble = started(9, 3, 1, FANNED);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(4);
        SimNode relay = relayOf(ensemble, observer);
        boolean[] asked = {false};
        ensemble.network().tap((from, to, message) -> {
            asked[0] |= to.equals(relay.id()) && (message instanceof ReadIndex || message instanceof Touch);
            return true;
        });
        leader.pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(600));
        ensemble.read(observer);
        ensemble.touch(observer);
        ensemble.runMillis(590);
        assertTrue(asked[0]);
        assertEquals(0, ensemble.history().reads());
        assertEquals(0, ensemble.history().confirmedTouches());
        ensemble.runMillis(100);
        assertEquals(1, ensemble.history().reads());
        assertEquals(1, ensemble.history().confirmedTouches());
    }

    /** An observer that restarted counts its questions from one again; an answer to one of before is not for it. */
    @Test
    void anAnswerToAnEarlierLifeReachesNobody() {
        SimEnsemble ensemble = started(10, 3, 1, FANNED);
        SimNode observer = ensemble.node(4);
        SimNode relay = relayOf(ensemble, observer);
        for (int round = 0; round < 10; round++) {
            relay.pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(300));
            ensemble.read(observer);
            ensemble.runMillis(5);
            ensemble.crash(observer);
            ensemble.start(observer);
            answered(ensemble, aLeader(ensemble), 500);
            ensemble.read(observer);
            ensemble.await("it serves", 8_000, observer::serves);
            ensemble.runMillis(200);
        }
        converges(ensemble);
    }

    @Test
    void anObserverThatRestartsGetsWhatItMissedAndNoMore() {
        SimEnsemble ensemble = started(11, 3, 4, FANNED);
        for (int round = 0; round < 3; round++) {
            for (int id = 4; id <= 7; id++) {
                ensemble.crash(ensemble.node(id));
            }
            answered(ensemble, ensemble.leader(), 100);
            for (int id = 4; id <= 7; id++) {
                ensemble.start(ensemble.node(id));
            }
            ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
        }
        assertEquals(0, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
        ensemble.crash(ensemble.node(4));
        for (int i = 0; i < 300; i++) {
            answered(ensemble, ensemble.leader(), 1_000);
        }
        ensemble.start(ensemble.node(4));
        ensemble.await("it is back", 5_000, () -> ensemble.node(4).serves() && hasConverged(ensemble));
        assertEquals(1, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
    }

    // ---- what goes wrong ----

    @Test
    void observersOfAFollowerThatDiesAreFedByAnother() {
        SimEnsemble ensemble = started(12, 3, 6, FANNED);
        SimNode leader = ensemble.leader();
        SimNode relay = relayOf(ensemble, ensemble.node(4));
        ensemble.crash(relay);
        ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
        for (int id = 4; id <= 9; id++) {
            answered(ensemble, ensemble.node(id), 500);
        }
        Map<ServerId, ServerId> feeders = feeders(ensemble);
        assertEquals(6, feeders.size());
        assertEquals(0, count(feeders, leader));
        assertEquals(1, ensemble.history().leaders());
    }

    @Test
    void observersFollowTheNextLeaderWhenTheirsDies() {
        SimEnsemble ensemble = started(13, 3, 6, FANNED);
        SimNode old = ensemble.leader();
        ensemble.crash(old);
        ensemble.await("another leads, all serve", 4_000, () -> ensemble.leader() != null);
        SimNode next = ensemble.leader();
        assertNotEquals(old, next);
        for (int id = 4; id <= 9; id++) {
            answered(ensemble, ensemble.node(id), 500);
            assertEquals(next.id(), ensemble.node(id).status().leader());
            assertEquals(next.status().epoch(), ensemble.node(id).status().epoch());
        }
    }

    /** It hears its follower well, which hears nothing: it stops as early as one that the leader feeds itself. */
    @Test
    void anObserverBehindAStaleFollowerIsAsStale() {
        SimEnsemble ensemble = started(14, 3, 1, FANNED);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(4);
        SimNode relay = relayOf(ensemble, observer);
        ensemble.network().block(leader.id(), relay.id());
        ensemble.network().block(leader.id(), observer.id());
        long since = ensemble.scheduler().now();
        ensemble.await(
                "it serves no more",
                FANNED.syncLimitMillis() + 100,
                () -> !observer.serves() || observer.status().leaderHeardAt() > since);
        assertFalse(observer.serves());
        ensemble.network().healAll();
        ensemble.await("it serves again", 3_000, observer::serves);
    }

    @Test
    void theAgeOfWhatAnObserverHearsIncludesThatAtItsFollower() {
        SimEnsemble ensemble = started(15, 3, 1, FANNED);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(4);
        SimNode relay = relayOf(ensemble, observer);
        long quiet = ensemble.scheduler().now();
        leader.pause(quiet + TimeUnit.MILLISECONDS.toNanos(700));
        ensemble.runMillis(600);
        assertTrue(observer.serves() && relay.serves());
        long slack = TimeUnit.MILLISECONDS.toNanos(30);
        assertTrue(observer.status().leaderHeardAt() <= quiet + slack);
        assertTrue(observer.status().leaderHeardAt() <= relay.status().leaderHeardAt() + slack);
    }

    @Test
    void anObserverThatCannotReachAnyFollowerIsFedByTheLeader() {
        SimEnsemble ensemble = started(16, 3, 2, FANNED);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(4);
        Scenario.others(ensemble, leader, other -> ensemble.network().blockBoth(other.id(), observer.id()));
        ensemble.await("it stops", 2_000, () -> !observer.serves());
        ensemble.await("the leader feeds it", 6_000, observer::serves);
        answered(ensemble, observer, 500);
        assertEquals(leader.id(), feeders(ensemble).get(observer.id()));
    }

    // ---- membership ----

    private static void changed(SimEnsemble ensemble, int id, MemberRole role) {
        SimNode leader = aLeader(ensemble);
        long request =
                ensemble.reconfigure(leader, MembershipTest.with(leader.status().configuration(), id, role));
        ensemble.await(
                "server " + id + " is " + role,
                5_000,
                () -> ensemble.isAnswered(leader, request) && leader.status().settled());
        assertNull(ensemble.refusal(request));
    }

    /** The change waits until the leader itself feeds it, and needs no second attempt. */
    @Test
    void anObserverBehindAFollowerIsPromoted() {
        SimEnsemble ensemble = started(17, 3, 3, FANNED);
        SimNode promoted = ensemble.node(5);
        assertNotEquals(ensemble.leader(), relayOf(ensemble, promoted));
        changed(ensemble, 5, MemberRole.VOTER);
        ensemble.await("it follows", 1_000, () -> promoted.status().role() == Role.FOLLOWING && promoted.serves());
        answered(ensemble, promoted, 500);
        assertEquals(1, ensemble.history().leaders());
        changed(ensemble, 5, MemberRole.OBSERVER);
        answered(ensemble, promoted, 500);
        assertEquals(Role.OBSERVING, promoted.status().role());
        converges(ensemble);
    }

    @Test
    void anObserverThatDoesNotComeIsNotPromotedAndNothingElseWaits() {
        SimEnsemble ensemble = started(18, 3, 2, FANNED);
        SimNode leader = ensemble.leader();
        SimNode observer = ensemble.node(4);
        ensemble.network().refuseLinksTo(leader.id());
        long promotion =
                ensemble.reconfigure(leader, MembershipTest.with(leader.status().configuration(), 4, MemberRole.VOTER));
        long other = ensemble.reconfigure(
                leader, MembershipTest.with(leader.status().configuration(), 9, MemberRole.OBSERVER));
        answered(ensemble, leader, 500);
        ensemble.await("a refusal", 100, () -> ensemble.isAnswered(leader, other));
        assertEquals(RequestFailure.CHANGE_PENDING, ensemble.refusal(other));
        ensemble.await("a refusal", 3_000, () -> ensemble.isAnswered(leader, promotion));
        assertEquals(RequestFailure.VOTER_NOT_SYNCED, ensemble.refusal(promotion));
        ensemble.network().healAll();
        ensemble.await("it is back", 8_000, observer::serves);
        changed(ensemble, 4, MemberRole.VOTER);
    }

    /** Whoever feeds observers and loses its vote feeds them no more. */
    @Test
    void observersLeaveAFollowerThatIsDemotedOrRemoved() {
        SimEnsemble ensemble = started(19, 4, 4, FANNED);
        SimNode relay = relayOf(ensemble, ensemble.node(5));
        changed(ensemble, relay.id().value(), MemberRole.OBSERVER);
        ensemble.runMillis(1_000);
        Map<ServerId, ServerId> feeders = feeders(ensemble);
        assertEquals(0, count(feeders, relay));
        assertEquals(5, feeders.size());
        SimNode other = relayOf(ensemble, ensemble.node(5));
        changed(ensemble, other.id().value(), null);
        ensemble.crash(other);
        ensemble.runMillis(1_000);
        assertEquals(5, feeders(ensemble).size());
        assertEquals(1, ensemble.history().leaders());
    }

    // ---- storms ----

    @Test
    void nothingIsLostWhateverFails() {
        int acknowledged = 0;
        int reads = 0;
        for (int i = 0; i < SEEDS; i++) {
            SimEnsemble ensemble = storm(FIRST_SEED + i);
            acknowledged += ensemble.history().acknowledged();
            reads += ensemble.history().reads();
        }
        System.out.printf("%d seeds from %d: %d acknowledged, %d reads%n", SEEDS, FIRST_SEED, acknowledged, reads);
        assertTrue(acknowledged > 50 * SEEDS && reads > 5 * SEEDS);
    }

    private static SimEnsemble storm(long seed) {
        Random draw = new Random(seed * 41 + 7);
        ZabConfig config = withDirect(draw.nextInt(3) == 0 ? 1 : 0);
        SimEnsemble ensemble = new SimEnsemble(seed, 2 + draw.nextInt(3), 2 + draw.nextInt(4), config);
        Storm storm = new Storm(ensemble, draw, draw.nextInt(3) == 0);
        try {
            ensemble.startAll();
            storm.rage(10_000);
            storm.calm();
            MembershipTest.settle(ensemble);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n"
                            + ensemble.history().lastLines(60),
                    e);
        }
        return ensemble;
    }
}

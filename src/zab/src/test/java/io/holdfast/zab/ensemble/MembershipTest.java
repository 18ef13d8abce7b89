package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.ZabConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Voters and observers come and go while the ensemble serves (protocol.md#reconfiguration). */
final class MembershipTest {

    private static final long LIMIT_MILLIS = 3_000;
    private static final int SEEDS = Integer.getInteger("membership.seeds", 60);
    private static final long FIRST_SEED = Long.getLong("membership.seed", 1);

    // ---- changes ----

    /** Returns the configuration that follows, with one member added, changed or, with a null role, removed. */
    static Configuration with(Configuration now, int id, MemberRole role) {
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(member -> member.id().value() == id);
        if (role != null) {
            members.add(new Member(new ServerId(id), role, "sim", id));
        }
        return now.next(members);
    }

    private static SimNode leader(SimEnsemble ensemble) {
        ensemble.await("a leader", LIMIT_MILLIS, () -> Scenario.aLeader(ensemble) != null);
        return Scenario.aLeader(ensemble);
    }

    private static long ask(SimEnsemble ensemble, int id, MemberRole role) {
        SimNode leader = leader(ensemble);
        return ensemble.reconfigure(leader, with(leader.status().configuration(), id, role));
    }

    private static void change(SimEnsemble ensemble, int id, MemberRole role) {
        SimNode leader = leader(ensemble);
        long request = ask(ensemble, id, role);
        ensemble.await(
                "server " + id + " is " + role,
                LIMIT_MILLIS,
                () -> ensemble.isAnswered(leader, request) && leader.status().settled());
        assertNull(ensemble.refusal(request));
    }

    private static void refused(SimEnsemble ensemble, RequestFailure failure, int id, MemberRole role) {
        SimNode leader = leader(ensemble);
        long version = leader.status().configuration().version();
        long request = ask(ensemble, id, role);
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, request));
        assertEquals(failure, ensemble.refusal(request));
        ensemble.runMillis(100);
        assertEquals(version, leader.status().quorum().latest().version());
    }

    private static void join(SimEnsemble ensemble, int id) {
        change(ensemble, id, MemberRole.OBSERVER);
        SimNode joiner = ensemble.startJoiner(id);
        ensemble.await("server " + id + " serves", LIMIT_MILLIS, joiner::serves);
        ensemble.runMillis(50);
        change(ensemble, id, MemberRole.VOTER);
    }

    private static void leadsNoMore(SimEnsemble ensemble, int id) {
        SimNode leader = leader(ensemble);
        if (leader.id().value() == id) {
            ensemble.handOff(leader, null);
            ensemble.await("another leads", LIMIT_MILLIS, () -> {
                SimNode next = Scenario.aLeader(ensemble);
                return next != null && next != leader;
            });
            ensemble.runMillis(300);
        }
    }

    private static Set<Integer> voters(SimNode node) {
        Set<Integer> voters = new TreeSet<>();
        node.status().configuration().voters().forEach(voter -> voters.add(voter.value()));
        return voters;
    }

    private static SimEnsemble started(long seed, int voters, int observers) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, observers, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(300);
        return ensemble;
    }

    // ---- tests ----

    @Test
    void anEnsembleGrowsFromOneToFiveAndShrinksToOneWithoutLosingAnything() {
        SimEnsemble ensemble = started(1, 1, 0);
        for (int id = 2; id <= 5; id++) {
            join(ensemble, id);
            for (SimNode node : ensemble.nodes()) {
                answered(ensemble, node, 500);
            }
        }
        assertEquals(Set.of(1, 2, 3, 4, 5), voters(ensemble.node(3)));
        assertEquals(1, ensemble.history().leaders());
        for (int id = 1; id <= 4; id++) {
            leadsNoMore(ensemble, id);
            change(ensemble, id, MemberRole.OBSERVER);
            answered(ensemble, ensemble.node(id), 500);
            change(ensemble, id, null);
            int gone = id;
            ensemble.await("it knows", LIMIT_MILLIS, () -> !ensemble.node(gone).serves());
            answered(ensemble, ensemble.node(5), 500);
        }
        assertEquals(Set.of(5), voters(ensemble.node(5)));
        ensemble.runMillis(10_000);
        IntStream.rangeClosed(1, 4).forEach(id -> assertFalse(ensemble.node(id).serves()));
    }

    @Test
    void everyVoterIsReplacedAndTheOldOnesAreNeverNeededAgain() {
        SimEnsemble ensemble = started(2, 3, 0);
        for (int id = 4; id <= 6; id++) {
            join(ensemble, id);
            leadsNoMore(ensemble, id - 3);
            change(ensemble, id - 3, null);
            ensemble.crash(ensemble.node(id - 3));
            answered(ensemble, ensemble.node(id), 500);
        }
        for (int id = 4; id <= 6; id++) {
            ensemble.crash(ensemble.node(id));
        }
        for (int id = 4; id <= 6; id++) {
            ensemble.start(ensemble.node(id));
        }
        SimNode leader = leader(ensemble);
        assertEquals(Set.of(4, 5, 6), voters(leader));
        answered(ensemble, leader, 500);
    }

    /** The old ones come back with what they knew: they are no ensemble of their own. */
    @Test
    void retiredServersDoNotServeWhenTheyAreStartedAgain() {
        SimEnsemble ensemble = started(3, 3, 0);
        for (int id = 4; id <= 6; id++) {
            join(ensemble, id);
        }
        for (int id = 1; id <= 3; id++) {
            leadsNoMore(ensemble, id);
            change(ensemble, id, null);
            ensemble.crash(ensemble.node(id));
        }
        int leaders = ensemble.history().leaders();
        for (int id = 1; id <= 3; id++) {
            ensemble.start(ensemble.node(id));
        }
        ensemble.runMillis(20_000);
        IntStream.rangeClosed(1, 3).forEach(id -> assertFalse(ensemble.node(id).serves()));
        assertEquals(leaders, ensemble.history().leaders());
    }

    @Test
    void aVoterThatIsAloneNowStartsWithoutTheOneThatLeft() {
        SimEnsemble ensemble = started(4, 2, 0);
        SimNode leader = leader(ensemble);
        SimNode other = Scenario.any(ensemble, leader);
        change(ensemble, other.id().value(), null);
        ensemble.crash(other);
        ensemble.crash(leader);
        ensemble.start(leader);
        ensemble.await("it leads", LIMIT_MILLIS, leader::leads);
        answered(ensemble, leader, 500);
    }

    /** The one whose vote is needed has never heard that it has one. */
    @Test
    void aVoterThatDoesNotKnowItYetHelpsToElectWhoTellsIt() {
        SimEnsemble ensemble = started(5, 1, 1);
        ensemble.network().blockBoth(new ServerId(1), new ServerId(2));
        ask(ensemble, 2, MemberRole.VOTER);
        ensemble.runMillis(20);
        assertEquals(1, ensemble.node(1).status().quorum().latest().version());
        assertEquals(0, ensemble.node(2).status().quorum().latest().version());
        ensemble.crash(ensemble.node(1));
        ensemble.crash(ensemble.node(2));
        ensemble.network().healAll();
        ensemble.start(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.await(
                "both vote",
                LIMIT_MILLIS,
                () -> ensemble.node(2).serves() && voters(ensemble.node(2)).size() == 2);
        answered(ensemble, ensemble.node(2), 500);
    }

    @Test
    void aChangeIsRefusedRatherThanRisked() {
        SimEnsemble ensemble = started(6, 3, 1);
        SimNode leader = leader(ensemble);
        int self = leader.id().value();
        refused(ensemble, RequestFailure.LEADER_LEAVES, self, null);
        refused(ensemble, RequestFailure.LEADER_LEAVES, self, MemberRole.OBSERVER);
        refused(ensemble, RequestFailure.VOTER_NOT_SYNCED, 9, MemberRole.VOTER);

        Configuration now = leader.status().configuration();
        Configuration later = with(with(now, 4, MemberRole.VOTER), 4, MemberRole.OBSERVER);
        long request = ensemble.reconfigure(leader, later);
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, request));
        assertEquals(RequestFailure.CONFIGURATION_CHANGED, ensemble.refusal(request));

        long first = ask(ensemble, 4, MemberRole.VOTER);
        long second = ask(ensemble, 9, MemberRole.OBSERVER);
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, second));
        assertEquals(RequestFailure.CHANGE_PENDING, ensemble.refusal(second));
        ensemble.await("the first", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, first));
        assertNull(ensemble.refusal(first));
    }

    @Test
    void aChangeAfterWhichNoQuorumWouldFollowIsRefused() {
        SimEnsemble ensemble = started(7, 3, 0);
        SimNode leader = leader(ensemble);
        SimNode down = Scenario.any(ensemble, leader);
        ensemble.crash(down);
        ensemble.runMillis(50);
        int third = ensemble.nodes().stream()
                .filter(node -> node != leader && node != down)
                .findFirst()
                .orElseThrow()
                .id()
                .value();
        refused(ensemble, RequestFailure.NO_QUORUM, third, null);
        change(ensemble, down.id().value(), null);
        answered(ensemble, leader, 500);
    }

    @Test
    void aChangeThatNoQuorumLoggedIsForgotten() {
        SimEnsemble ensemble = started(8, 3, 1);
        SimNode leader = leader(ensemble);
        Scenario.others(ensemble, leader, other -> ensemble.network().blockBoth(leader.id(), other.id()));
        ask(ensemble, 4, MemberRole.VOTER);
        ensemble.runMillis(20);
        assertEquals(1, leader.status().quorum().latest().version());
        ensemble.crash(leader);
        ensemble.network().healAll();
        SimNode next = leader(ensemble);
        answered(ensemble, next, 500);
        ensemble.start(leader);
        ensemble.await("it follows", LIMIT_MILLIS, leader::serves);
        ensemble.runMillis(200);
        assertEquals(0, leader.status().quorum().latest().version());
        change(ensemble, 4, MemberRole.VOTER);
    }

    @Test
    void aServerThatJoinsGetsASnapshotThatNamesTheConfiguration() {
        SimEnsemble ensemble = started(9, 3, 0);
        change(ensemble, 4, MemberRole.OBSERVER);
        for (int i = 0; i < 300; i++) {
            answered(ensemble, leader(ensemble), 500);
        }
        SimNode joiner = ensemble.startJoiner(4);
        ensemble.await("it serves", LIMIT_MILLIS, joiner::serves);
        assertEquals(1, joiner.status().configuration().version());
    }

    // ---- requests under way ----

    private static final int FLOOD = 400;

    /** As small as elsewhere, but a flood is not held up by snapshots. */
    private static final ZabConfig ROOMY = new ZabConfig(
            100, 300, 100, 1_000, 5_000, 20, 100, 1_000, 1_000, 2_000, 5_000, 1_000, 200, 1 << 20, 20, 1 << 20, 1_000,
            1 << 20, 4);

    /** Has a server asked for something every 50 microseconds, and after the first few for a change of its part. */
    private static List<Long> flood(SimEnsemble ensemble, SimNode node, MemberRole role) {
        List<Long> requests = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            Scenario.later(ensemble, 50 * i, () -> requests.add(ensemble.submit(node)));
        }
        ensemble.runMillis(5);
        ask(ensemble, node.id().value(), role);
        ensemble.runMillis(50 * FLOOD / 1_000);
        return requests;
    }

    /** Its clients go to another server at once, instead of when their time is over. */
    @Test
    void whatIsUnderWayAtAServerThatIsRemovedEndsAtOnce() {
        for (int seed = 0; seed < 20; seed++) {
            SimEnsemble ensemble = started(100 + seed, 3, 1);
            SimNode leaves = seed % 2 == 0 ? ensemble.node(4) : Scenario.any(ensemble, leader(ensemble));
            List<Long> requests = flood(ensemble, leaves, null);
            ensemble.await(
                    "all are answered",
                    100,
                    () -> requests.stream().allMatch(request -> ensemble.isAnswered(leaves, request)));
            List<RequestFailure> ends = new ArrayList<>();
            requests.forEach(request -> ends.add(ensemble.refusal(request)));
            int sent = ends.indexOf(RequestFailure.OUTCOME_UNKNOWN);
            int refused = ends.indexOf(RequestFailure.NOT_A_MEMBER);
            assertTrue(0 < sent && sent < refused, () -> "sent " + sent + ", refused " + refused + ": " + ends);
            assertEquals(Set.of(RequestFailure.NOT_A_MEMBER), Set.copyOf(ends.subList(refused, FLOOD)));
            int touches = ensemble.history().failedTouches();
            ensemble.touch(leaves);
            assertEquals(touches + 1, ensemble.history().failedTouches());
        }
    }

    @Test
    void whatIsUnderWayAtAServerThatLosesItsVoteIsAnswered() {
        for (int seed = 0; seed < 20; seed++) {
            SimEnsemble ensemble = new SimEnsemble(200 + seed, 3, ROOMY);
            ensemble.startAll();
            ensemble.awaitLeader();
            ensemble.runMillis(300);
            SimNode demoted = Scenario.any(ensemble, leader(ensemble));
            for (long request : flood(ensemble, demoted, MemberRole.OBSERVER)) {
                ensemble.await("an answer", 500, () -> ensemble.isAnswered(demoted, request));
                assertNull(ensemble.refusal(request));
            }
            assertEquals(2, voters(demoted).size());
        }
    }

    // ---- storms ----

    /** Changes asked of anybody at any time, under load, crashes and partitions. */
    @Test
    void noChangeLosesWhatWasAcknowledgedOrMakesTwoLeaders() {
        long changes = 0;
        int acknowledged = 0;
        for (int i = 0; i < SEEDS; i++) {
            SimEnsemble ensemble = storm(FIRST_SEED + i);
            changes += ensemble.history().committed().stream()
                    .filter(txn -> txn.type() == TxnType.CONFIGURATION)
                    .count();
            acknowledged += ensemble.history().acknowledged();
        }
        System.out.printf("%d seeds from %d: %d changes, %d acknowledged%n", SEEDS, FIRST_SEED, changes, acknowledged);
        assertTrue(changes > 2L * SEEDS && acknowledged > 50 * SEEDS);
    }

    private static SimEnsemble storm(long seed) {
        Random draw = new Random(seed * 37 + 11);
        SimEnsemble ensemble = new SimEnsemble(seed, 1 + draw.nextInt(4), 1 + draw.nextInt(3), SMALL);
        Storm storm = new Storm(ensemble, draw, true);
        try {
            ensemble.startAll();
            storm.rage(10_000);
            storm.calm();
            settle(ensemble);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nin the end they know:\n" + knowledge(ensemble), e);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n"
                            + ensemble.history().lastLines(60),
                    e);
        }
        return ensemble;
    }

    /** Whoever is a member serves and has everything; whoever is not does not serve. */
    static void settle(SimEnsemble ensemble) {
        ensemble.await("the members serve, and only they", 20_000, () -> {
            SimNode leader = Scenario.aLeader(ensemble);
            return leader != null
                    && leader.status().settled()
                    && ensemble.nodes().stream().allMatch(node -> isInPlace(node, leader));
        });
        ensemble.runMillis(200);
        List<SimNode> members =
                ensemble.nodes().stream().filter(SimNode::serves).toList();
        for (SimNode node : members) {
            answered(ensemble, node, 5_000);
        }
        int size = ensemble.history().committed().size();
        ensemble.await(
                "all have applied all",
                2_000,
                () -> members.stream().allMatch(node -> node.applied().size() >= size));
    }

    private static String knowledge(SimEnsemble ensemble) {
        StringBuilder text = new StringBuilder();
        for (SimNode node : ensemble.nodes()) {
            if (node.isUp()) {
                text.append(node.status()).append('\n');
            }
        }
        return text.toString();
    }

    /** Who has last heard of an ensemble without the present leader has no way to find it. */
    private static boolean isInPlace(SimNode node, SimNode leader) {
        boolean member = leader.status().configuration().contains(node.id());
        boolean knows = node.status().quorum().contains(leader.id());
        return node.serves() ? member : !(member && knows);
    }
}

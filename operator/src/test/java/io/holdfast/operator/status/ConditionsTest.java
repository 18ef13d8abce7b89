package io.holdfast.operator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.api.ClusterBody;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Decision;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Action CONVERGED = new Action.Converged(28, "everything is as wanted");

    private final List<Look.Voter> voters = new ArrayList<>();
    private final List<Look.Member> members = new ArrayList<>();
    private boolean initialized = true;
    private Long generation = 7L;
    private Integer replace;
    private int wanted = 3;
    private String refusal;
    private ClusterBody view;
    private final List<Complaint> complaints = new ArrayList<>();
    private Look.Ensemble ensemble;

    private void voter(int id, String state, boolean ready) {
        Look.Version version = new Look.Version("orders-voter-" + id + "-0", "u" + id, "1");
        voters.add(new Look.Voter(
                id,
                "t",
                new Look.StatefulSet(version, 1, false, "t"),
                null,
                new Look.Pod(
                        version,
                        true,
                        false,
                        true,
                        ready,
                        NOON.minusSeconds(60),
                        "t",
                        new Look.Node("n" + id, false),
                        null,
                        null,
                        false,
                        null,
                        new Look.Answer(7, true, true)),
                null));
        members.add(new Look.Member(id, true, true, state, "broadcast", 0L, "d" + id, "d" + id));
    }

    private Map<String, String> conditions(Action action, Action.Wait heldBack, Outcome outcome) {
        Look.Ensemble seen =
                ensemble == null ? new Look.Ensemble.Confirmed(1, 3, 7, 4, 3, false, true, members) : ensemble;
        Look look = new Look(
                new Wanted(
                        "uid",
                        wanted,
                        false,
                        new Wanted.Storage(false, 1 << 30, true, Duration.ofMinutes(15), true),
                        new Wanted.Updates(Duration.ofSeconds(10), Duration.ofMinutes(10), 1000),
                        false,
                        replace,
                        null,
                        new Wanted.Recover.No(),
                        true,
                        refusal),
                new Look.Recorded(generation, 4, initialized, Look.Recovery.NONE),
                new Look.Start.None(),
                voters,
                List.of(),
                seen,
                List.of());
        Sight sight = new Sight(
                new LockCluster(),
                look,
                new Sight.Objects(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), null, Map.of()),
                new Sight.Service(null, view, Map.of()),
                false,
                List.of());
        Report report = new Report(sight, new Decision(action, heldBack), outcome, complaints, NOON);
        return new Conditions(report, new InStep(look, NOON))
                .all().stream()
                        .collect(Collectors.toMap(
                                Finding::type, finding -> (finding.holds() ? "True " : "False ") + finding.reason()));
    }

    private Map<String, String> conditions(Action action) {
        return conditions(action, null, Outcome.DONE);
    }

    private static Action.Wait wait(Action.Reason reason) {
        return new Action.Wait(18, "voter 2 is not in step", reason, 2);
    }

    private void threeVoters() {
        voter(1, "leader", true);
        voter(2, "follower", true);
        voter(3, "follower", true);
    }

    @Test
    void aClusterThatIsAsWanted() {
        threeVoters();
        assertEquals(
                Map.of(
                        "Quorate",
                        "True QuorumConfirmed",
                        "Available",
                        "True Serving",
                        "Progressing",
                        "False Converged",
                        "Degraded",
                        "False AsWanted"),
                conditions(CONVERGED));
    }

    @Test
    void aClusterThatBegins() {
        initialized = false;
        generation = null;
        ensemble = new Look.Ensemble.Unconfirmed(Look.Doubt.NO_ANSWER, NOON, "no pod has an address");
        assertEquals(
                Map.of(
                        "Quorate",
                        "False NoAnswer",
                        "Available",
                        "False Founding",
                        "Progressing",
                        "True Founding",
                        "Degraded",
                        "False AsWanted"),
                conditions(new Action.Found(4, "there is nothing yet")));
    }

    @Test
    void aClusterWithoutAQuorum() {
        threeVoters();
        ensemble = new Look.Ensemble.Unconfirmed(Look.Doubt.NO_QUORUM, NOON, "node 2 knows no leader");
        Map<String, String> conditions = conditions(wait(Action.Reason.NO_QUORUM));
        assertEquals("False NoQuorum", conditions.get("Quorate"));
        assertEquals("False NoQuorum", conditions.get("Available"));
        assertEquals("True VoterAway", conditions.get("Degraded"));
    }

    @Test
    void aSpecificationThatCannotBeCarriedOutIsSaidWithWhatGoesOn() {
        threeVoters();
        refusal = "spec.config: no";
        assertEquals("False Blocked", conditions(CONVERGED).get("Progressing"));
        assertEquals("False Blocked", conditions(wait(Action.Reason.VOTER_AWAY)).get("Progressing"));
        assertEquals("False Paused", conditions(wait(Action.Reason.PAUSED)).get("Progressing"));
    }

    @Test
    void whatStopsNothingLeavesTheReason() {
        threeVoters();
        complaints.add(new Complaint(Complaint.MISSING_RIGHT, "no ServiceMonitor"));
        assertEquals("False Converged", conditions(CONVERGED).get("Progressing"));
    }

    @Test
    void aClusterThatWaitsForItsTurnIsQueued() {
        threeVoters();
        assertEquals("True Queued", conditions(wait(Action.Reason.QUEUED)).get("Progressing"));
    }

    @Test
    void votersThatAreFewerThanWantedHaveNoSpare() {
        voter(1, "leader", true);
        assertEquals("True NoSpare", conditions(wait(Action.Reason.JOINING)).get("Degraded"));
        initialized = false;
        assertEquals("False AsWanted", conditions(wait(Action.Reason.JOINING)).get("Degraded"));
    }

    @Test
    void twoVotersThatAreRolledHaveNoSpare() {
        wanted = 2;
        voter(1, "leader", true);
        voter(2, "unknown", false);
        assertEquals("True NoSpare", conditions(wait(Action.Reason.ROLLING)).get("Degraded"));
        assertEquals(
                "True VoterAway", conditions(wait(Action.Reason.VOTER_AWAY)).get("Degraded"));
    }

    @Test
    void aLevelThatStaysBehindIsHeldBack() {
        threeVoters();
        view = new ClusterBody(
                "shop.orders",
                1,
                "0.1.0",
                3,
                1,
                4,
                7,
                2,
                null,
                true,
                true,
                List.of(),
                List.of(new ClusterBody.Alarm("level-behind", "…")));
        assertEquals("True LevelHeldBack", conditions(CONVERGED).get("Degraded"));
        assertEquals("False AsWanted", conditions(wait(Action.Reason.ROLLING)).get("Degraded"));
    }

    @Test
    void anEnsembleOfAnotherGenerationIsNotQuorate() {
        threeVoters();
        generation = 8L;
        assertEquals("False Contradiction", conditions(CONVERGED).get("Quorate"));
    }

    @Test
    void aVoterThatIsAway() {
        voter(1, "leader", true);
        voter(2, "unknown", false);
        voter(3, "follower", true);
        Map<String, String> conditions = conditions(wait(Action.Reason.VOTER_AWAY));
        assertEquals("True VoterAway", conditions.get("Degraded"));
        assertEquals("True Repairing", conditions.get("Progressing"));
        assertEquals("True Serving", conditions.get("Available"));
    }

    @Test
    void noPodIsReady() {
        voter(1, "leader", false);
        assertEquals("False NoReadyPod", conditions(CONVERGED).get("Available"));
    }

    @Test
    void aVoterThatLags() {
        voter(1, "leader", true);
        voter(2, "follower", true);
        members.set(1, new Look.Member(2, true, true, "follower", "broadcast", 5000L, "d2", "d2"));
        assertEquals("True Lagging", conditions(CONVERGED).get("Degraded"));
    }

    @ParameterizedTest
    @CsvSource({
        "PAUSED, False Paused",
        "NAME_TAKEN, False Blocked",
        "KEPT_VOLUMES, False Blocked",
        "RESTORE_REFUSED, False Blocked",
        "WOULD_LOSE_QUORUM, False Blocked",
        "ROLLOUT_STUCK, False RolloutStuck",
        "ROLLING, True Rolling",
        "UNSCHEDULED, True Rolling",
        "JOINING, True Growing",
        "REPLACING, True Replacing",
        "FOUNDING, True Founding",
        "VOLUME_LOST, True Repairing",
        "CHANGE_PENDING, True Repairing",
    })
    void aWaitIsShownByItsReason(Action.Reason reason, String progressing) {
        threeVoters();
        assertEquals(progressing, conditions(wait(reason)).get("Progressing"));
    }

    @Test
    void whatHoldsTheVotersBackIsShownWhileObserversGoOn() {
        threeVoters();
        Action observers = new Action.Evict(27, "why", 10_001, new Look.Version("readers-10001", "u", "1"));
        Map<String, String> conditions = conditions(observers, wait(Action.Reason.ROLLOUT_STUCK), Outcome.DONE);
        assertEquals("False RolloutStuck", conditions.get("Progressing"));
        assertEquals("True PodStuck", conditions.get("Degraded"));
    }

    @Test
    void aReplacementIsNeitherGrowthNorShrinking() {
        threeVoters();
        replace = 2;
        assertEquals(
                "True Replacing", conditions(new Action.NewVoter(23, "why", 4)).get("Progressing"));
        assertEquals(
                "True Replacing",
                conditions(new Action.RemoveMember(19, "why", 2, 4)).get("Progressing"));
    }

    @Test
    void aRefusalOfTheServiceIsShownInItsWords() {
        threeVoters();
        Action remove = new Action.RemoveMember(19, "why", 2, 4);
        Outcome refused = new Outcome(Outcome.Kind.BLOCKED, "would-lose-quorum: voter 1 is away");
        assertEquals("False Blocked", conditions(remove, null, refused).get("Progressing"));
        Outcome budget = new Outcome(Outcome.Kind.WAIT, "the disruption budget does not allow it");
        assertEquals("True Shrinking", conditions(remove, null, budget).get("Progressing"));
    }
}

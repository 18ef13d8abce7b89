package io.holdfast.operator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do, with exactly the preconditions that make it harmless when the look was stale: an effect whose
 * precondition does not hold does nothing, and the next look decides again. An effect that consists of several writes
 * does them in the order in which its action names them.
 */
public sealed interface Action {

    /** Returns the number of the row of the planner's table that chose it. */
    int row();

    /** Returns one sentence for people: what is so, and what follows. */
    String why();

    /** Nothing is done now. */
    record Wait(
            int row, String why, Reason reason, @Nullable Integer member) implements Action {}

    /** Why nothing is done now. */
    enum Reason {
        PAUSED("Paused", false),
        FOUNDING("Founding", false),
        ADOPTING("Adopting", false),
        NAME_TAKEN("NameTaken", true),
        KEPT_VOLUMES("KeptVolumes", true),
        RESTORE_REFUSED("RestoreRefused", true),
        SPEC_REFUSED("SpecRefused", true),
        RECOVERING("Recovering", false),
        RECOVERY_REFUSED("RecoveryRefused", true),
        AWAITS_CONFIRMATION("AwaitsConfirmation", true),
        NO_QUORUM("NoQuorum", false),
        CHANGE_PENDING("ChangePending", false),
        AWAITS_READMISSION("AwaitsReadmission", false),
        REPLACING("Replacing", false),
        ROLLING("Rolling", false),
        ROLLOUT_STUCK("RolloutStuck", false),
        VOTER_AWAY("VoterAway", false),
        VOLUME_LOST("VolumeLost", false),
        WOULD_LOSE_QUORUM("WouldLoseQuorum", true),
        NO_SUCCESSOR("NoSuccessor", true),
        JOINING("Joining", false),
        UNSCHEDULED("Unscheduled", false),
        SECURING("Securing", false),
        QUEUED("Queued", false);

        private final String text;
        private final boolean blocked;

        Reason(String text, boolean blocked) {
            this.text = text;
            this.blocked = blocked;
        }

        /** Returns the reason as a condition has it. */
        public String text() {
            return text;
        }

        /** Returns whether it does not end by itself: a person has to do something. */
        public boolean isBlocked() {
            return blocked;
        }
    }

    /** The start ConfigMap says that pods join these voters; then the missing StatefulSets are created. */
    record Adopt(int row, String why, Look.Start start, List<Look.Claim> claims, List<Integer> voters)
            implements Action {}

    /** Creates what is missing of: the start ConfigMap that founds, the claim of voter 1, its StatefulSet. */
    record Found(int row, String why) implements Action {}

    /** Writes the generation and the next id into the status. */
    record RecordGeneration(int row, String why, long generation, int nextId) implements Action {}

    /** The start ConfigMap names the recorded generation and these voters to join, and founds nothing from now on. */
    record CloseFounding(int row, String why, Look.Version start, List<Integer> voters) implements Action {}

    /**
     * The start ConfigMap names the recorded generation and these voters to join; absent {@code start}: it is created.
     */
    record UpdateJoin(int row, String why, Look.@Nullable Version start, List<Integer> voters) implements Action {}

    /** Takes out of a StatefulSet what restores a backup first; its pod stays as it is. */
    record DropRestore(int row, String why, int id, Look.Version set) implements Action {}

    /** Labels the claim of a voter, which is older than the ensemble, with the recorded generation. */
    record LabelClaim(int row, String why, int id, Look.Version claim, long generation) implements Action {}

    /** Writes into the status that all wanted voters were there once; the Services for clients follow from it. */
    record Initialize(int row, String why) implements Action {}

    /** Creates the StatefulSet of a voter, which names the claim that it has; no claim is made. */
    record Recreate(int row, String why, int id) implements Action {}

    /** Sets the replicas of a voter's StatefulSet to 1. */
    record Start(int row, String why, int id, Look.Version set) implements Action {}

    /** Gives the wanted pod template to one StatefulSet, a voter's or observers'; its pods stay as they are. */
    record ApplyTemplate(int row, String why, Look.Version set, String template) implements Action {}

    /** Evicts one pod, with its uid as precondition; an eviction that the budget refuses is a wait. */
    record Evict(int row, String why, int id, Look.Version pod) implements Action {}

    /** Sets the replicas of these StatefulSets to 0, before volumes are examined. */
    record StopVoters(int row, String why, List<Look.Version> sets) implements Action {}

    /** Runs {@code holdfast recover} on one volume, which changes nothing, and records what it prints. */
    record ExamineVolume(int row, String why, int id, Look.Version claim) implements Action {}

    /** Runs {@code holdfast recover --confirm} on one volume, and records the new generation in the recovery. */
    record ConfirmRecovery(int row, String why, int id, Look.Version claim, String code) implements Action {}

    /**
     * Marks the claims of the voters that leave as of before, and their StatefulSets as leaving; then labels the claim
     * of the one that goes on with the generation, and records it.
     */
    record BeginGeneration(int row, String why, int id, long generation, List<Look.Voter> leaving) implements Action {

        /** Copies the list. */
        public BeginGeneration {
            leaving = List.copyOf(leaving);
        }
    }

    /** Marks the claim of a voter, where it has one, as removed; then its StatefulSet: the voter leaves for good. */
    record MarkLeaving(int row, String why, int id, Look.Version set, Look.@Nullable Version claim) implements Action {}

    /** Deletes the claim of a voter or an observer and evicts the pod that uses it, both by uid. */
    record ReplaceClaim(int row, String why, int id, Look.@Nullable Version claim, Look.@Nullable Version pod)
            implements Action {}

    /** Creates the claim of a voter whose old claim is gone. */
    record MakeClaim(int row, String why, int id) implements Action {}

    /** Gives a member its vote, or binds its vote to the disk that it has. */
    record Promote(int row, String why, int id, long ifVersion) implements Action {}

    /** Adds a member of ours as an observer, at the address of its pod. */
    record AddMember(int row, String why, int id, long ifVersion) implements Action {}

    /** Removes a member; one that leads hands over within the request. */
    record RemoveMember(int row, String why, int id, long ifVersion) implements Action {}

    /** Deletes the StatefulSet of a voter that is no member, where one is left; then its claim, where one is named. */
    record DeleteVoter(int row, String why, int id, Look.@Nullable Version set, Look.@Nullable Version claim)
            implements Action {}

    /**
     * Writes {@code nextId = id + 1} into the status, then creates the claim of the new voter, then its StatefulSet.
     */
    record NewVoter(int row, String why, int id) implements Action {}

    /** Has another voter lead. */
    record HandOver(int row, String why, int from, int to) implements Action {}

    /** Makes one claim larger. */
    record Resize(int row, String why, int id, Look.Version claim, long bytes) implements Action {}

    /** Writes into the status how members secure their connections from now on; their templates follow from it. */
    record Secure(int row, String why, Stage stage) implements Action {}

    /** Writes the first id of a set of observers into its status, then creates its StatefulSet. */
    record MakeObservers(int row, String why, String name, int firstId, int replicas) implements Action {}

    /** Sets the replicas of the StatefulSet of a set of observers. */
    record ScaleObservers(int row, String why, String name, Look.Version set, int replicas) implements Action {}

    /** Everything is as wanted. */
    record Converged(int row, String why) implements Action {}
}

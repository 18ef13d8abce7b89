package io.holdfast.operator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows 12 to 18: a quorum is there, and something that should be is not. */
final class RepairRows {

    private final Facts facts;
    private final Look look;

    RepairRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    /** Row 12: one change of members at a time, whichever client asked for it. */
    @Nullable
    Action changePending() {
        return facts.quorate()
                        .filter(ensemble -> ensemble.pending() || !ensemble.settled())
                        .isPresent()
                ? new Action.Wait(12, "a change of the members is under way", Action.Reason.CHANGE_PENDING, null)
                : null;
    }

    /** Row 13: a voter without a StatefulSet or without replicas, and a start that names others than the voters. */
    @Nullable
    Action recreateOrStart() {
        for (Look.Voter voter : look.voters()) {
            if (voter.set() == null && belongs(voter)) {
                return new Action.Recreate(13, "the StatefulSet of voter " + voter.id() + " is gone", voter.id());
            }
            if (voter.set() != null && voter.set().replicas() == 0 && !Facts.isLeaving(voter)) {
                return new Action.Start(
                        13,
                        "the StatefulSet of voter " + voter.id() + " has no replicas",
                        voter.id(),
                        voter.set().version());
            }
        }
        List<Integer> voters =
                look.voters().stream().filter(facts::votes).map(Look.Voter::id).toList();
        return look.start() instanceof Look.Start.Joining joining
                        && !voters.isEmpty()
                        && !joining.voters().equals(voters)
                ? new Action.UpdateJoin(
                        13, "pods that start empty are to ask the voters " + voters, joining.version(), voters)
                : null;
    }

    /** A member of ours, or a claim that was made for a voter whose StatefulSet does not exist yet. */
    private boolean belongs(Look.Voter voter) {
        if (Facts.isLeaving(voter)) {
            return false;
        }
        boolean isMade = voter.claim() != null
                && voter.claim().madeFor().equals(look.wanted().uid());
        return isMade || facts.member(voter.id()).isPresent();
    }

    /** Row 14. */
    @Nullable
    Action repairStuck() {
        Action ofVoters = Repair.ofStuck(14, facts, facts.staying(), true);
        if (ofVoters != null) {
            return ofVoters;
        }
        for (Look.ObserverSet observers : look.observers()) {
            Action ofObservers = Repair.ofStuck(14, facts, observers);
            if (ofObservers != null) {
                return ofObservers;
            }
        }
        return null;
    }

    /** Row 15: there is one voter too many, so the one that is away is the one that leaves. */
    @Nullable
    Action giveUpOneOfTooMany() {
        List<Look.Voter> voting = facts.voting();
        if (voting.size() <= look.wanted().voters()) {
            return null;
        }
        return voting.stream()
                .filter(facts::isPastDeadline)
                .findFirst()
                .map(away -> facts.replaced().orElse(away))
                .map(leaving -> MembershipRows.mark(
                        15,
                        leaving,
                        "there are " + voting.size() + " voters, and one is not in step past the deadline"))
                .orElse(null);
    }

    /** Row 16: a lost volume is replaced while all others are in step; a new claim is made when the old one is gone. */
    @Nullable
    Action replaceVolume() {
        for (Look.Voter voter : look.voters()) {
            Action action = isLost(voter) ? replaceVolume(voter) : null;
            if (action != null) {
                return action;
            }
        }
        return null;
    }

    private boolean isLost(Look.Voter voter) {
        return voter.set() != null
                && !Facts.isLeaving(voter)
                && !facts.isReplaced(voter)
                && !facts.isInStep(voter)
                && facts.volumeLoss(voter) != null;
    }

    /** What is lost already cannot be lost by this; of five voters two may be. */
    private boolean othersAreInStepOrLost(Look.Voter voter) {
        return look.voters().stream()
                .filter(other -> facts.votes(other) && other.id() != voter.id())
                .allMatch(other -> facts.isInStep(other) || facts.volumeLoss(other) != null);
    }

    private @Nullable Action replaceVolume(Look.Voter voter) {
        boolean isNew = facts.member(voter.id()).isEmpty();
        Wanted.Storage storage = look.wanted().storage();
        boolean isDue = storage.replaceLost() && Facts.isOver(facts.outOfStep(voter), storage.lossAfter());
        boolean isEmpty = isNew && voter.claim() == null;
        if (!isEmpty && !(isDue && othersAreInStepOrLost(voter) && facts.quorumAgainstLossOf(voter.id()))) {
            return null;
        }
        String why = "the volume of voter " + voter.id() + " is lost: " + facts.volumeLoss(voter);
        Look.Claim claim = voter.claim();
        if (claim == null) {
            return new Action.MakeClaim(16, why, voter.id());
        }
        Look.Pod pod = voter.pod() == null || voter.pod().terminating() ? null : voter.pod();
        if (claim.terminating() && pod == null) {
            return new Action.Wait(16, why + "; it is being deleted", Action.Reason.REPLACING, voter.id());
        }
        return new Action.ReplaceClaim(
                16, why, voter.id(), claim.terminating() ? null : claim.version(), pod == null ? null : pod.version());
    }

    /** Row 17: a voter with another disk gets its vote when the annotation names it. */
    @Nullable
    Action readmit() {
        Integer id = look.wanted().readmit();
        return id == null
                ? null
                : look.voter(id)
                        .filter(facts::isInStepButForItsDisk)
                        .<Action>map(voter -> new Action.Promote(
                                17,
                                "holdfast.dev/readmit lets voter " + id + " vote with the disk that it has",
                                id,
                                configurationVersion()))
                        .orElse(null);
    }

    /** Row 18: nothing is taken from the ensemble while a voter is away. */
    @Nullable
    Action awaitVoters() {
        List<Look.Voter> away = look.voters().stream()
                .filter(voter -> facts.votes(voter)
                        && !Facts.isLeaving(voter)
                        && !facts.isReplaced(voter)
                        && !facts.isInStep(voter))
                .toList();
        if (away.isEmpty()) {
            return null;
        }
        Look.Voter first = away.stream().filter(this::isRolling).findFirst().orElse(away.get(0));
        return awaits(first);
    }

    private Action awaits(Look.Voter voter) {
        String name = "voter " + voter.id();
        String loss = facts.volumeLoss(voter);
        if (loss != null) {
            return wait("the volume of " + name + " is lost: " + loss, Action.Reason.VOLUME_LOST, voter);
        }
        if (isRolling(voter)) {
            return facts.isStuck(voter.pod())
                    ? wait(
                            "the new pod of " + name + " does not become ready; it is the only one that was replaced",
                            Action.Reason.ROLLOUT_STUCK,
                            voter)
                    : wait("the new pod of " + name + " starts", Action.Reason.ROLLING, voter);
        }
        return facts.isInStepButForItsDisk(voter)
                ? wait(name + " has another disk than it votes with", Action.Reason.AWAITS_READMISSION, voter)
                : wait(name + " is not in step", Action.Reason.VOTER_AWAY, voter);
    }

    /** It has the wanted template while others do not: it is the one whose turn it was. */
    private boolean isRolling(Look.Voter voter) {
        Look.Pod pod = voter.pod();
        return pod != null
                && pod.template().equals(voter.wantedTemplate())
                && (facts.isStuck(pod)
                        || facts.staying().stream()
                                .anyMatch(other -> other.pod() != null
                                        && !other.pod().template().equals(other.wantedTemplate())));
    }

    private long configurationVersion() {
        return facts.quorate()
                .map(Look.Ensemble.Confirmed::configurationVersion)
                .orElseThrow();
    }

    private static Action wait(String why, Action.Reason reason, Look.Voter voter) {
        return new Action.Wait(18, why, reason, voter.id());
    }
}

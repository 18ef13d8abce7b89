package io.holdfast.operator.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows 8 to 11: no quorum confirms anything, so nothing is done that could cost what is left. */
final class RecoveryRows {

    private static final Duration LOST = Duration.ofMinutes(5);

    private final Facts facts;
    private final Look look;

    RecoveryRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    /** Row 8: what stops a pod from coming back is undone; a missing claim is not made. */
    @Nullable
    Action recreateOrStart() {
        if (isQuorate()) {
            return null;
        }
        for (Look.Voter voter : look.voters()) {
            boolean isKept = voter.claim() != null && voter.claim().mark() == Look.Mark.BEFORE;
            if (isKept || !hasVolume(voter)) {
                continue;
            }
            if (voter.set() == null && isMember(voter)) {
                return new Action.Recreate(8, "the StatefulSet of voter " + voter.id() + " is gone", voter.id());
            }
            if (voter.set() != null && voter.set().replicas() == 0 && !isRecovering()) {
                return new Action.Start(
                        8,
                        "voter " + voter.id() + " has no pod, and there is no quorum",
                        voter.id(),
                        voter.set().version());
            }
        }
        return null;
    }

    private boolean isMember(Look.Voter voter) {
        boolean isUnmarked = voter.claim() != null && isOwn(voter.claim()) && !Facts.isLeaving(voter);
        return isUnmarked
                || (look.start() instanceof Look.Start.Joining joining
                        && joining.voters().contains(voter.id()));
    }

    private boolean isOwn(Look.Claim claim) {
        return claim.madeFor().equals(look.wanted().uid());
    }

    private boolean hasVolume(Look.Voter voter) {
        return voter.claim() != null || look.wanted().storage().ephemeral();
    }

    /** Row 9: a pod that cannot run serves nothing, so it may be replaced; one that leaves may still be needed. */
    @Nullable
    Action repairStuck() {
        if (isQuorate()) {
            return null;
        }
        List<Look.Voter> needed = look.voters().stream()
                .filter(voter -> voter.claim() == null || voter.claim().mark() != Look.Mark.BEFORE)
                .toList();
        return Repair.ofStuck(9, facts, needed, canTellByTime());
    }

    /**
     * Returns whether a pod that was not ready for long is stuck: without a quorum none is ready, so that says
     * something only of a voter alone, or in the middle of a rollout.
     */
    private boolean canTellByTime() {
        List<String> templates = look.voters().stream()
                .map(Look.Voter::pod)
                .filter(Objects::nonNull)
                .map(Look.Pod::template)
                .toList();
        return facts.staying().size() == 1 || templates.stream().distinct().count() > 1;
    }

    /** Row 10: the steps of a recovery, each of which a person asked for. */
    @Nullable
    Action recover() {
        if (isQuorate() || look.wanted().recover() instanceof Wanted.Recover.No) {
            return null;
        }
        Optional<Look.Recovered> recovered = recovered();
        if (recovered.isPresent()) {
            return goOn(recovered.get());
        }
        return isLost() ? examineAndConfirm() : null;
    }

    /**
     * Returns why voters that run are not stopped; null when they may be. A pod is ready, and a server has a leader,
     * only while a quorum serves: then it is the operator alone that does not reach it.
     */
    private @Nullable String refusal() {
        if (look.wanted().recover() instanceof Wanted.Recover.Examine examine && examine.force()) {
            return null;
        }
        List<Integer> serving = look.voters().stream()
                .filter(voter -> serves(voter.pod()))
                .map(Look.Voter::id)
                .toList();
        return serving.isEmpty()
                ? null
                : "voters " + serving
                        + " are ready, or have a leader: it seems that a quorum serves clients, and only the"
                        + " operator does not reach it (" + says()
                        + "). Nothing is stopped. Let the operator reach port"
                        + " 7100 of the pods; to stop the voters all the same, set holdfast.dev/recover to force-look";
    }

    private static boolean serves(Look.@Nullable Pod pod) {
        return pod != null
                && !pod.terminating()
                && (pod.ready() || (pod.answer() != null && pod.answer().hasLeader()));
    }

    /** Goes on in the new generation: with its marks and its number; row 8 starts its voter. */
    private @Nullable Action goOn(Look.Recovered recovered) {
        if (!Objects.equals(look.recorded().generation(), recovered.generation())) {
            List<Look.Voter> others = look.voters().stream()
                    .filter(voter -> voter.id() != recovered.id())
                    .toList();
            return new Action.BeginGeneration(
                    10,
                    "voter " + recovered.id() + " goes on alone, in generation " + recovered.generation() + "; "
                            + others.stream().map(Look.Voter::id).toList() + " leave, and their claims are kept",
                    recovered.id(),
                    recovered.generation(),
                    others);
        }
        return null;
    }

    private Action examineAndConfirm() {
        List<Look.Voter> voters =
                look.voters().stream().filter(RecoveryRows::mayGoOn).toList();
        List<Look.Version> running = voters.stream()
                .map(Look.Voter::set)
                .filter(set -> set != null && set.replicas() > 0)
                .map(Look.StatefulSet::version)
                .toList();
        String refusal = refusal();
        if (!running.isEmpty() && refusal != null) {
            return wait(refusal, Action.Reason.RECOVERY_REFUSED, null);
        }
        if (!running.isEmpty()) {
            return new Action.StopVoters(10, "volumes are examined when no voter runs", running);
        }
        for (Look.Voter voter : voters) {
            if (voter.pod() != null) {
                return wait("the pod of voter " + voter.id() + " still ends", Action.Reason.RECOVERING, voter.id());
            }
        }
        for (Look.Voter voter : voters) {
            Look.Claim claim = voter.claim();
            if (claim != null && examined(voter.id()).isEmpty()) {
                return new Action.ExamineVolume(
                        10,
                        "the volume of voter " + voter.id() + " is examined, and not changed",
                        voter.id(),
                        claim.version());
            }
        }
        return confirm();
    }

    /** What is kept of a voter that was removed, or of the time before a recovery, is nothing to go on with. */
    private static boolean mayGoOn(Look.Voter voter) {
        Look.Claim claim = voter.claim();
        return claim == null
                || claim.mark() == Look.Mark.NONE
                || (claim.mark() == Look.Mark.REMOVED && voter.set() != null);
    }

    private Action confirm() {
        if (!(look.wanted().recover() instanceof Wanted.Recover.Confirm confirm)) {
            return wait(
                    "choose the voter whose last logged is highest in status.recovery, and set"
                            + " holdfast.dev/recover to its id, a slash and its code",
                    Action.Reason.AWAITS_CONFIRMATION,
                    null);
        }
        Look.Claim claim = look.voter(confirm.id()).map(Look.Voter::claim).orElse(null);
        boolean isShown = examined(confirm.id())
                .filter(examined -> confirm.code().equals(examined.code()))
                .isPresent();
        return claim == null || !isShown
                ? wait(
                        "holdfast.dev/recover names voter " + confirm.id() + " with code " + confirm.code()
                                + ", and status.recovery has no such entry",
                        Action.Reason.AWAITS_CONFIRMATION,
                        confirm.id())
                : new Action.ConfirmRecovery(
                        10,
                        "voter " + confirm.id() + " was confirmed: it goes on alone with what it has",
                        confirm.id(),
                        claim.version(),
                        confirm.code());
    }

    private Optional<Look.Examined> examined(int id) {
        return look.recorded().recovery().examined().stream()
                .filter(examined -> examined.id() == id)
                .findFirst();
    }

    /** Returns what the recovery that is asked for has made already. */
    private Optional<Look.Recovered> recovered() {
        Look.Recovered made = look.recorded().recovery().confirmed();
        return made != null
                        && look.wanted().recover() instanceof Wanted.Recover.Confirm confirm
                        && confirm.id() == made.id()
                        && confirm.code().equals(made.code())
                ? Optional.of(made)
                : Optional.empty();
    }

    /** Returns whether voters are to stay stopped. */
    private boolean isRecovering() {
        return isLost()
                && refusal() == null
                && !(look.wanted().recover() instanceof Wanted.Recover.No)
                && recovered()
                        .filter(made -> Objects.equals(look.recorded().generation(), made.generation()))
                        .isEmpty();
    }

    private boolean isLost() {
        return look.ensemble() instanceof Look.Ensemble.Unconfirmed unconfirmed
                && facts.isOver(unconfirmed.since(), LOST);
    }

    /** Row 11: no membership, no eviction, no claim. */
    @Nullable
    Action noQuorum() {
        if (isQuorate()) {
            return null;
        }
        if (look.recorded().generation() != null) {
            return new Action.Wait(11, says(), Action.Reason.NO_QUORUM, null);
        }
        if (!(look.start() instanceof Look.Start.Joining)) {
            return new Action.Wait(11, "voter 1 founds the ensemble", Action.Reason.FOUNDING, 1);
        }
        Instant since =
                look.ensemble() instanceof Look.Ensemble.Unconfirmed unconfirmed ? unconfirmed.since() : facts.now();
        return facts.isOver(since, facts.updates().progressDeadline())
                ? new Action.Wait(
                        11,
                        "the kept volumes make no quorum: start those that are missing, set holdfast.dev/recover"
                                + " to look, or delete the claims to begin anew",
                        Action.Reason.KEPT_VOLUMES,
                        null)
                : new Action.Wait(11, "the voters of the kept volumes start", Action.Reason.ADOPTING, null);
    }

    private String says() {
        if (look.ensemble() instanceof Look.Ensemble.Unconfirmed unconfirmed) {
            return unconfirmed.detail();
        }
        return "the ensemble that answers is of another generation than the one that was recorded";
    }

    private boolean isQuorate() {
        return facts.quorate().isPresent();
    }

    private static Action wait(String why, Action.Reason reason, @Nullable Integer id) {
        return new Action.Wait(10, why, reason, id);
    }
}

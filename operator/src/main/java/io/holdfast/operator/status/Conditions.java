package io.holdfast.operator.status;

import io.holdfast.api.ClusterBody;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The four conditions of a cluster, from one report alone. */
final class Conditions {

    private static final Map<Class<? extends Action>, String> PROGRESS = Map.ofEntries(
            Map.entry(Action.Found.class, "Founding"),
            Map.entry(Action.Adopt.class, "Founding"),
            Map.entry(Action.RecordGeneration.class, "Founding"),
            Map.entry(Action.CloseFounding.class, "Founding"),
            Map.entry(Action.DropRestore.class, "Founding"),
            Map.entry(Action.LabelClaim.class, "Founding"),
            Map.entry(Action.Initialize.class, "Founding"),
            Map.entry(Action.NewVoter.class, "Growing"),
            Map.entry(Action.AddMember.class, "Growing"),
            Map.entry(Action.Promote.class, "Growing"),
            Map.entry(Action.MakeObservers.class, "Growing"),
            Map.entry(Action.ScaleObservers.class, "Growing"),
            Map.entry(Action.MarkLeaving.class, "Shrinking"),
            Map.entry(Action.RemoveMember.class, "Shrinking"),
            Map.entry(Action.DeleteVoter.class, "Shrinking"),
            Map.entry(Action.ApplyTemplate.class, "Rolling"),
            Map.entry(Action.Evict.class, "Rolling"),
            Map.entry(Action.HandOver.class, "Rolling"),
            Map.entry(Action.Secure.class, "Securing"),
            Map.entry(Action.Resize.class, "Resizing"));

    private final Report report;
    private final InStep inStep;

    Conditions(Report report, InStep inStep) {
        this.report = report;
        this.inStep = inStep;
    }

    List<Finding> all() {
        return List.of(quorate(), available(), progressing(), degraded());
    }

    private Optional<Look.Ensemble.Confirmed> confirmed() {
        return report.look().confirmed();
    }

    private Finding quorate() {
        Optional<Look.Ensemble.Confirmed> confirmed = confirmed();
        if (confirmed.isPresent()) {
            return new Finding(
                    Finding.QUORATE,
                    true,
                    "QuorumConfirmed",
                    "member " + confirmed.get().leader() + " leads, and a quorum confirmed it");
        }
        if (report.look().ensemble() instanceof Look.Ensemble.Unconfirmed doubt) {
            String reason = switch (doubt.reason()) {
                case NO_ANSWER -> "NoAnswer";
                case NO_QUORUM -> "NoQuorum";
                case CONTRADICTION -> "Contradiction";
            };
            return new Finding(Finding.QUORATE, false, reason, doubt.detail());
        }
        return new Finding(
                Finding.QUORATE,
                false,
                "Contradiction",
                "a quorum answers, of another generation than "
                        + report.look().recorded().generation() + ", which is in the status");
    }

    private Finding available() {
        if (!report.look().recorded().initialized()) {
            return new Finding(
                    Finding.AVAILABLE, false, "Founding", "not all voters were there yet: clients have no Service");
        }
        if (confirmed().isEmpty()) {
            return new Finding(Finding.AVAILABLE, false, "NoQuorum", "no quorum confirmed a read");
        }
        boolean ready = pods().anyMatch(pod -> pod.ready() && !pod.terminating());
        return ready
                ? new Finding(Finding.AVAILABLE, true, "Serving", "a quorum and a ready pod serve clients")
                : new Finding(Finding.AVAILABLE, false, "NoReadyPod", "no pod is ready");
    }

    private Stream<Look.Pod> pods() {
        return Stream.concat(
                report.look().voters().stream().map(Look.Voter::pod).filter(Objects::nonNull),
                report.look().observers().stream()
                        .flatMap(set -> set.pods().stream())
                        .map(Look.ObserverPod::pod));
    }

    /** What stops nothing is said behind what goes on. */
    private Finding progressing() {
        Finding goesOn = goesOn();
        String complaints = report.complaints().stream()
                .map(complaint -> "; " + complaint.text())
                .collect(Collectors.joining());
        return new Finding(goesOn.type(), goesOn.holds(), goesOn.reason(), goesOn.message() + complaints);
    }

    private Finding goesOn() {
        Action action = report.shown();
        Outcome outcome = report.outcome();
        String refusal = report.look().wanted().refusal();
        if (refusal != null && !isPaused(action)) {
            return new Finding(Finding.PROGRESSING, false, "Blocked", refusal + meanwhile(action, outcome));
        }
        if (outcome.kind() == Outcome.Kind.BLOCKED) {
            return new Finding(Finding.PROGRESSING, false, "Blocked", outcome.says());
        }
        if (action instanceof Action.Converged) {
            return new Finding(Finding.PROGRESSING, false, "Converged", action.why());
        }
        if (action instanceof Action.Wait wait) {
            return waiting(wait);
        }
        String message = outcome.says().isEmpty() ? action.why() : action.why() + " (" + outcome.says() + ")";
        return new Finding(Finding.PROGRESSING, true, progress(action), message);
    }

    private static boolean isPaused(Action action) {
        return action instanceof Action.Wait wait && wait.reason() == Action.Reason.PAUSED;
    }

    /** What is there goes on as it was made last: what is done for it is said, too. */
    private static String meanwhile(Action action, Outcome outcome) {
        boolean isSaid = action instanceof Action.Converged
                || (action instanceof Action.Wait wait && wait.reason() == Action.Reason.SPEC_REFUSED);
        if (isSaid) {
            return "";
        }
        return "; meanwhile: " + (outcome.says().isEmpty() ? action.why() : outcome.says());
    }

    private String progress(Action action) {
        String reason = PROGRESS.getOrDefault(action.getClass(), "Repairing");
        boolean replaces = report.look().wanted().replace() != null;
        return replaces && (reason.equals("Growing") || reason.equals("Shrinking")) ? "Replacing" : reason;
    }

    private static Finding waiting(Action.Wait wait) {
        if (wait.reason().isBlocked()) {
            String message = wait.reason().text() + ": " + wait.why();
            return new Finding(Finding.PROGRESSING, false, "Blocked", message);
        }
        boolean goesOn = wait.reason() != Action.Reason.PAUSED && wait.reason() != Action.Reason.ROLLOUT_STUCK;
        String reason = switch (wait.reason()) {
            case PAUSED -> "Paused";
            case ROLLOUT_STUCK -> "RolloutStuck";
            case FOUNDING, ADOPTING -> "Founding";
            case REPLACING -> "Replacing";
            case ROLLING, UNSCHEDULED -> "Rolling";
            case QUEUED -> "Queued";
            case SECURING -> "Securing";
            case JOINING -> "Growing";
            default -> "Repairing";
        };
        return new Finding(Finding.PROGRESSING, goesOn, reason, wait.why());
    }

    private Finding degraded() {
        Action.Wait wait = report.shown() instanceof Action.Wait shown ? shown : null;
        if (wait != null) {
            String reason = switch (wait.reason()) {
                case VOLUME_LOST -> "VolumeLost";
                case AWAITS_READMISSION -> "AwaitsReadmission";
                case ROLLOUT_STUCK -> "PodStuck";
                default -> "";
            };
            if (!reason.isEmpty()) {
                return new Finding(Finding.DEGRADED, true, reason, wait.why());
            }
        }
        Optional<Look.Voter> onLostNode = report.look().voters().stream()
                .filter(voter -> voter.pod() != null
                        && voter.pod().node() != null
                        && voter.pod().node().lost())
                .findFirst();
        if (onLostNode.isPresent()) {
            return new Finding(
                    Finding.DEGRADED,
                    true,
                    "NodeLost",
                    "the node of voter " + onLostNode.get().id() + " does not answer");
        }
        Finding away = away();
        return away.holds() ? noSpare(away) : lessThanItMayBe();
    }

    /** That a voter is away while one or two are replaced is no fault: there is none to take over. */
    private Finding noSpare(Finding away) {
        boolean isFew = report.look().wanted().voters() <= 2;
        boolean isRolled = (report.shown() instanceof Action.Wait wait && wait.reason() == Action.Reason.ROLLING)
                || (report.shown() instanceof Action.Evict && report.outcome().goesOn());
        return isFew && isRolled
                ? new Finding(
                        Finding.DEGRADED,
                        true,
                        "NoSpare",
                        "one or two voters have no spare: while a pod is replaced, clients wait")
                : away;
    }

    private Finding lessThanItMayBe() {
        List<Look.Member> members =
                confirmed().map(Look.Ensemble.Confirmed::members).orElse(List.of());
        long voters = members.stream().filter(Look.Member::votes).count();
        int wanted = report.look().wanted().voters();
        if (report.look().recorded().initialized() && voters > 0 && voters <= 2 && wanted > 2) {
            return new Finding(
                    Finding.DEGRADED,
                    true,
                    "NoSpare",
                    voters + " of " + wanted + " voters vote: none of them can be spared");
        }
        ClusterBody view = report.sight().service().view();
        if (view == null
                || !(report.shown() instanceof Action.Converged)
                || confirmed().isEmpty()
                || view.alarms().stream().noneMatch(alarm -> alarm.alarm().equals("level-behind"))) {
            return asWanted();
        }
        return new Finding(
                Finding.DEGRADED,
                true,
                "LevelHeldBack",
                "every voter is in step, and the level stays at " + view.level()
                        + ", though the leader speaks a newer one: a member of an older release, or with"
                        + " another holdfast.peer.protocol-max, holds it back");
    }

    private Finding away() {
        Optional<Look.Ensemble.Confirmed> confirmed = confirmed();
        if (confirmed.isEmpty()) {
            return report.look().recorded().generation() == null
                    ? asWanted()
                    : new Finding(Finding.DEGRADED, true, "VoterAway", "no quorum confirmed which voters are in step");
        }
        for (Look.Member member : confirmed.get().members()) {
            if (member.votes() && member.ours() && !inStep.holds(member.id())) {
                boolean follows =
                        member.state().equals("follower") && member.phase().equals("broadcast");
                boolean lags = follows && member.lag() != null && member.lag() > lagMax();
                return lags
                        ? new Finding(
                                Finding.DEGRADED,
                                true,
                                "Lagging",
                                "voter " + member.id() + " is more than " + lagMax() + " transactions behind")
                        : new Finding(Finding.DEGRADED, true, "VoterAway", "voter " + member.id() + " is not in step");
            }
        }
        return asWanted();
    }

    private long lagMax() {
        return report.look().wanted().updates().lagMax();
    }

    private static Finding asWanted() {
        return new Finding(Finding.DEGRADED, false, "AsWanted", "every voter is in step");
    }
}

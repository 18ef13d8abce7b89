package io.holdfast.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.StatusRecord;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what happened: one Event for each action that was done, and a Warning when a condition turns bad. Whether it
 * turned is seen by the status that was there before.
 */
public final class ReportEvents {

    private static final Set<String> BAD_PROGRESS = Set.of("RolloutStuck", "Blocked");
    private static final Set<String> BAD_STATE = Set.of("VoterAway", "VolumeLost", "NodeLost", "AwaitsReadmission");

    private final EventWriter events;
    private final Map<String, List<Complaint>> complained;

    /**
     * Creates one.
     *
     * @param remembered clusters of which is kept what was complained of last
     */
    public ReportEvents(EventWriter events, int remembered) {
        this.events = events;
        this.complained = Collections.synchronizedMap(EventWriter.bounded(remembered));
    }

    /** Writes the Events of one report. */
    public void write(Report report, StatusWriter status) {
        HasMetadata cluster = report.sight().cluster();
        Action action = report.decision().action();
        if (report.outcome().kind() == Outcome.Kind.DONE) {
            String message = action.why() + " (row " + action.row() + ")";
            events.write(cluster, EventWriter.Type.NORMAL, Actions.name(action), message);
            Actions.member(action)
                    .ifPresent(id -> report.sight()
                            .objects()
                            .pod(id)
                            .ifPresent(
                                    pod -> events.write(pod, EventWriter.Type.NORMAL, Actions.name(action), message)));
            if (action instanceof Action.Evict && report.look().wanted().voters() <= 2) {
                events.write(
                        cluster,
                        EventWriter.Type.NORMAL,
                        "NoSpare",
                        "one or two voters have no spare: while a pod is replaced, clients wait");
            }
        }
        Map<String, Condition> before = Looker.statusOf(report.sight().cluster()).conditions().stream()
                .collect(Collectors.toMap(Condition::getType, Function.identity(), (one, other) -> one));
        boolean rolls = rolls(report.look());
        for (Finding finding : status.findings()) {
            if (!(rolls && finding.reason().equals("VoterAway"))) {
                turned(cluster, before.get(finding.type()), finding);
            }
        }
        even(report);
    }

    /** While pods are replaced, one is away because of that. */
    private static boolean rolls(Look look) {
        return look.voters().stream()
                .anyMatch(voter -> voter.pod() == null
                        || voter.pod().terminating()
                        || (!voter.pod().ready() && voter.pod().lastExit() == null));
    }

    private void turned(HasMetadata cluster, @Nullable Condition before, Finding now) {
        boolean same = before != null
                && Objects.equals(before.getReason(), now.reason())
                && Objects.equals(before.getStatus(), now.holds() ? "True" : "False");
        if (same) {
            return;
        }
        switch (now.type()) {
            case Finding.QUORATE -> {
                if (before != null && "True".equals(before.getStatus())) {
                    events.write(cluster, EventWriter.Type.WARNING, "QuorumLost", now.message());
                }
            }
            case Finding.PROGRESSING -> {
                if (BAD_PROGRESS.contains(now.reason())) {
                    events.write(cluster, EventWriter.Type.WARNING, now.reason(), now.message());
                }
            }
            case Finding.DEGRADED -> {
                if (now.holds() && BAD_STATE.contains(now.reason())) {
                    events.write(cluster, EventWriter.Type.WARNING, now.reason(), now.message());
                }
            }
            default -> {}
        }
    }

    /** Says that a specification cannot be carried out, where nothing else is known of the cluster. */
    public void refuse(StatusRecord<LockCluster> record, String why, Instant now) {
        Finding blocked = new Finding(Finding.PROGRESSING, false, "Blocked", why);
        Outcome written = record.write(status -> StatusWriter.conditions(
                status, List.of(blocked), record.current().getMetadata().getGeneration(), now));
        if (written.kind() == Outcome.Kind.DONE) {
            events.write(record.current(), EventWriter.Type.WARNING, blocked.reason(), why);
        }
    }

    private void even(Report report) {
        var cluster = report.sight().cluster();
        int voters = cluster.getSpec().voters();
        Long observed = Looker.statusOf(cluster).observedGeneration();
        if (voters % 2 == 0 && !Objects.equals(observed, cluster.getMetadata().getGeneration())) {
            events.write(
                    cluster,
                    EventWriter.Type.WARNING,
                    "EvenVoters",
                    voters + " voters tolerate no more failures than " + (voters - 1) + ": use an odd number");
        }
    }

    /** Warns of what stops nothing, when it is something else than the last time. */
    public void complain(HasMetadata cluster, List<Complaint> complaints) {
        String uid = cluster.getMetadata().getUid();
        List<Complaint> before = complaints.isEmpty() ? complained.remove(uid) : complained.put(uid, complaints);
        if (!complaints.equals(before)) {
            complaints.forEach(
                    complaint -> events.write(cluster, EventWriter.Type.WARNING, complaint.reason(), complaint.text()));
        }
    }
}

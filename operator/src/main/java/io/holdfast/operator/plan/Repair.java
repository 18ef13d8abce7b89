package io.holdfast.operator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The repair of a pod that is stuck on a template that is no longer wanted: first the template, then the eviction. */
final class Repair {

    private Repair() {}

    /**
     * Returns the next step for the first of these voters that needs one; null when none does.
     *
     * @param byTime whether a pod that was not ready for long is stuck, too
     */
    static @Nullable Action ofStuck(int row, Facts facts, List<Look.Voter> voters, boolean byTime) {
        for (Look.Voter voter : voters) {
            Look.StatefulSet set = voter.set();
            Look.Pod pod = voter.pod();
            if (set == null || pod == null || isNeeded(facts, voter)) {
                continue;
            }
            if (!(byTime ? facts.isStuck(pod) : facts.cannotRun(pod))) {
                continue;
            }
            Action action = ofStuck(row, new Subject("voter", voter.id(), set, voter.wantedTemplate(), pod));
            if (action != null) {
                return action;
            }
        }
        return null;
    }

    /** Returns whether a quorum counts on a voter although its pod is not ready, and another one is missing already. */
    private static boolean isNeeded(Facts facts, Look.Voter voter) {
        return facts.member(voter.id()).filter(facts::counts).isPresent() && !facts.othersInStep(voter.id());
    }

    /** Returns the next step for the first observer of a set that needs one; null when none does. */
    static @Nullable Action ofStuck(int row, Facts facts, Look.ObserverSet observers) {
        if (observers.set() == null) {
            return null;
        }
        for (Look.ObserverPod observer : observers.pods()) {
            Action action = facts.isStuck(observer.pod())
                    ? ofStuck(
                            row,
                            new Subject(
                                    "observer",
                                    observer.id(),
                                    observers.set(),
                                    observers.wantedTemplate(),
                                    observer.pod()))
                    : null;
            if (action != null) {
                return action;
            }
        }
        return null;
    }

    private static @Nullable Action ofStuck(int row, Subject subject) {
        if (subject.pod.restores() && !subject.set.restores()) {
            return new Action.Evict(
                    row,
                    "the pod of " + subject.kind + " " + subject.id
                            + " is stuck, and would restore a backup that is not needed any more",
                    subject.id,
                    subject.pod.version());
        }
        if (subject.pod.template().equals(subject.wanted)) {
            return null;
        }
        String why =
                "the pod of " + subject.kind + " " + subject.id + " is stuck on a template that is no longer wanted";
        return subject.set.template().equals(subject.wanted)
                ? new Action.Evict(row, why, subject.id, subject.pod.version())
                : new Action.ApplyTemplate(row, why, subject.set.version(), subject.wanted);
    }

    /** One pod, and the template that it is to have. */
    private record Subject(String kind, int id, Look.StatefulSet set, String wanted, Look.Pod pod) {}
}

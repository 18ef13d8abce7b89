package io.holdfast.operator.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Row 25: pods get the wanted template one by one. One observer first, then the other observers, then followers from
 * the highest id, the leader last. Until a pod is taken down, it comes back on what worked.
 */
final class RolloutRows {

    private final Facts facts;
    private final Look look;

    RolloutRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    /** Row 25. */
    @Nullable
    Action roll() {
        Optional<Look.ObserverSet> observers =
                look.observers().stream().filter(RolloutRows::differs).findFirst();
        Optional<Look.Voter> voter = nextVoter();
        if (observers.isEmpty() && voter.isEmpty()) {
            return null;
        }
        Action wait = gate();
        if (wait != null) {
            return wait;
        }
        return observers.map(this::rollObservers).orElseGet(() -> rollVoter(voter.orElseThrow()));
    }

    private static boolean differs(Look.Voter voter) {
        String wanted = voter.wantedTemplate();
        return (voter.set() != null && !voter.set().template().equals(wanted))
                || (voter.pod() != null && !voter.pod().template().equals(wanted));
    }

    private static boolean differs(Look.ObserverSet observers) {
        return observers.set() != null
                && (!observers.set().template().equals(observers.wantedTemplate())
                        || staying(observers).anyMatch(observer -> isOld(observers, observer)));
    }

    private static boolean isOld(Look.ObserverSet observers, Look.ObserverPod observer) {
        return !observer.pod().template().equals(observers.wantedTemplate());
    }

    /** Returns the observers of a set that are not about to go because the set shrinks, by id. */
    private static Stream<Look.ObserverPod> staying(Look.ObserverSet observers) {
        return observers.pods().stream().filter(observer -> ObserverRows.isWanted(observers, observer.id()));
    }

    /**
     * Returns the voter whose turn it is: one that was begun, else the highest that does not lead, else the leader. Of
     * several that were begun, first the one whose StatefulSet has the wanted template already, as one that was made
     * again in the middle of a rollout: until its pod was ready, no other voter is to get that template.
     */
    private Optional<Look.Voter> nextVoter() {
        return facts.staying().stream()
                .filter(RolloutRows::differs)
                .max(Comparator.comparing(RolloutRows::isBegunWithTheWantedTemplate)
                        .thenComparing(RolloutRows::isBegun)
                        .thenComparing(voter -> !facts.leads(voter))
                        .thenComparing(Look.Voter::id));
    }

    /** Its StatefulSet has another template than its pod: whatever ends the pod brings the new one. */
    private static boolean isBegun(Look.Voter voter) {
        return voter.set() != null
                && voter.pod() != null
                && !voter.set().template().equals(voter.pod().template());
    }

    private static boolean isBegunWithTheWantedTemplate(Look.Voter voter) {
        return isBegun(voter) && voter.set() != null && voter.set().template().equals(voter.wantedTemplate());
    }

    /** Returns why no pod may be taken down now; null when one may. */
    private @Nullable Action gate() {
        if (!look.wanted().mayRoll()) {
            return wait(
                    "another cluster gets the templates of this operator's release first", Action.Reason.QUEUED, null);
        }
        for (Look.ObserverSet observers : look.observers()) {
            Action wait = gate(observers);
            if (wait != null) {
                return wait;
            }
        }
        for (Look.Voter voter : facts.staying()) {
            Look.Pod pod = voter.pod();
            if (pod != null && Facts.isUnscheduled(pod)) {
                return unscheduled("voter", voter.id());
            }
            if (pod == null || !facts.isInStep(voter)) {
                return wait("voter " + voter.id() + " is not in step", Action.Reason.VOTER_AWAY, voter.id());
            }
            if (!facts.isOver(pod.since(), facts.updates().minReady())) {
                return wait(
                        "voter " + voter.id() + " was not ready for long enough", Action.Reason.ROLLING, voter.id());
            }
        }
        return null;
    }

    private @Nullable Action gate(Look.ObserverSet observers) {
        List<Look.ObserverPod> pods = staying(observers).toList();
        for (Look.ObserverPod observer : pods) {
            Look.Pod pod = observer.pod();
            if (Facts.isUnscheduled(pod)) {
                return unscheduled("observer", observer.id());
            }
            if (pod.terminating()) {
                return wait("the pod of observer " + observer.id() + " ends", Action.Reason.ROLLING, observer.id());
            }
            if (!isOld(observers, observer) && !facts.isInStep(observer)) {
                return facts.isStuck(pod)
                        ? wait(
                                "the new pod of observer " + observer.id() + " does not become ready",
                                Action.Reason.ROLLOUT_STUCK,
                                observer.id())
                        : wait(
                                "the new pod of observer " + observer.id() + " starts",
                                Action.Reason.ROLLING,
                                observer.id());
            }
        }
        int replicas = observers.set() == null ? 0 : observers.set().replicas();
        return pods.size() < Math.min(replicas, observers.wantedReplicas())
                ? wait("a pod of the observers " + observers.name() + " is not back", Action.Reason.ROLLING, null)
                : null;
    }

    private Action rollObservers(Look.ObserverSet observers) {
        Look.StatefulSet set = Objects.requireNonNull(observers.set());
        if (!set.template().equals(observers.wantedTemplate())) {
            return new Action.ApplyTemplate(
                    25,
                    "the observers " + observers.name() + " get the wanted template",
                    set.version(),
                    observers.wantedTemplate());
        }
        Look.ObserverPod next = staying(observers)
                .filter(observer -> isOld(observers, observer))
                .min(Comparator.comparing(facts::isInStep))
                .orElseThrow();
        return new Action.Evict(
                25,
                "observer " + next.id() + " gets the wanted template",
                next.id(),
                next.pod().version());
    }

    private Action rollVoter(Look.Voter voter) {
        Look.StatefulSet set = Objects.requireNonNull(voter.set());
        Look.Pod pod = Objects.requireNonNull(voter.pod());
        boolean isPodOld = !pod.template().equals(voter.wantedTemplate());
        Optional<Look.Voter> successor = facts.voting().stream()
                .filter(other -> other.id() != voter.id() && facts.isInStep(other))
                .min(Comparator.comparing(RolloutRows::differs));
        if (isPodOld && facts.leads(voter) && successor.isPresent()) {
            int to = successor.get().id();
            return new Action.HandOver(
                    25,
                    "voter " + voter.id() + " leads, and its turn has come: voter " + to + " takes over",
                    voter.id(),
                    to);
        }
        String why = "voter " + voter.id() + " gets the wanted template";
        return set.template().equals(voter.wantedTemplate())
                ? new Action.Evict(25, why, voter.id(), pod.version())
                : new Action.ApplyTemplate(25, why, set.version(), voter.wantedTemplate());
    }

    private static Action unscheduled(String kind, int id) {
        return wait("the pod of " + kind + " " + id + " cannot be scheduled", Action.Reason.UNSCHEDULED, id);
    }

    private static Action wait(String why, Action.Reason reason, @Nullable Integer id) {
        return new Action.Wait(25, why, reason, id);
    }
}

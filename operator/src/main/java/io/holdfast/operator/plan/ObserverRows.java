package io.holdfast.operator.plan;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Row 27: sets of observers follow their wanted number. An observer has no vote, so none is waited for. */
final class ObserverRows {

    /** Ids of one set: more than a set can have. */
    private static final int BLOCK = 1_000;

    private static final int LAST_BLOCK = 64_001;

    private final Facts facts;
    private final Look look;

    ObserverRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    /** Returns whether an id is one of those that a set is to have. */
    static boolean isWanted(Look.ObserverSet observers, int id) {
        Integer first = observers.firstId();
        return first != null && id >= first && id < first + observers.wantedReplicas();
    }

    /** A set shrinks from its highest id: the member first, then its pod. */
    @Nullable
    Action shrink() {
        for (Look.ObserverSet observers : look.observers()) {
            Look.StatefulSet set = observers.set();
            Integer first = observers.firstId();
            if (set == null || first == null || set.replicas() <= observers.wantedReplicas()) {
                continue;
            }
            int highest = first + set.replicas() - 1;
            return facts.member(highest).isPresent()
                    ? new Action.RemoveMember(
                            27,
                            "the observers " + observers.name() + " are to be fewer: " + highest + " leaves",
                            highest,
                            configurationVersion())
                    : new Action.ScaleObservers(
                            27,
                            "observer " + highest + " is no member any more",
                            observers.name(),
                            set.version(),
                            set.replicas() - 1);
        }
        return null;
    }

    /** A member of ours that no set has is of a set that is gone. */
    @Nullable
    Action removeMemberWithoutSet() {
        return members()
                .filter(member -> member.id() >= Facts.FIRST_OBSERVER
                        && look.observers().stream().noneMatch(observers -> hasPod(observers, member.id())))
                .findFirst()
                .<Action>map(member -> new Action.RemoveMember(
                        27, "no set of observers has member " + member.id(), member.id(), configurationVersion()))
                .orElse(null);
    }

    private static boolean hasPod(Look.ObserverSet observers, int id) {
        Integer first = observers.firstId();
        Look.StatefulSet set = observers.set();
        int replicas = Math.max(set == null ? 0 : set.replicas(), observers.wantedReplicas());
        return first != null && id >= first && id < first + replicas;
    }

    /** A set grows at once. */
    @Nullable
    Action grow() {
        for (Look.ObserverSet observers : look.observers()) {
            Look.StatefulSet set = observers.set();
            // A set that cannot be rendered has no template, and is not made; one that is there grows as it was made.
            if (set == null
                    && observers.wantedReplicas() > 0
                    && !observers.wantedTemplate().isEmpty()) {
                Integer recorded = observers.firstId();
                int first = recorded != null ? recorded : freeBlock();
                if (first > LAST_BLOCK) {
                    continue;
                }
                return new Action.MakeObservers(
                        27,
                        "the observers " + observers.name() + " are new",
                        observers.name(),
                        first,
                        observers.wantedReplicas());
            }
            if (set != null && set.replicas() < observers.wantedReplicas()) {
                return new Action.ScaleObservers(
                        27,
                        "the observers " + observers.name() + " are to be more",
                        observers.name(),
                        set.version(),
                        observers.wantedReplicas());
            }
        }
        return null;
    }

    /** Returns the first id of a block that no set and no member has; above the last block when there is none. */
    private int freeBlock() {
        return IntStream.iterate(Facts.FIRST_OBSERVER, first -> first <= LAST_BLOCK, first -> first + BLOCK)
                .filter(first -> look.observers().stream()
                        .noneMatch(observers -> observers.firstId() != null && observers.firstId() == first))
                .filter(first -> facts.quorate().stream()
                        .flatMap(ensemble -> ensemble.members().stream())
                        .noneMatch(member -> member.id() >= first && member.id() < first + BLOCK))
                .findFirst()
                .orElse(LAST_BLOCK + 1);
    }

    /**
     * What an observer has of another generation is of no use: its volume goes with the pod, and a new one is empty.
     */
    @Nullable
    Action replaceFromAnotherGeneration() {
        return wantedPods()
                .filter(observer -> facts.isOfAnotherGeneration(observer.pod())
                        && !observer.pod().terminating())
                .findFirst()
                .<Action>map(observer -> {
                    String why = "observer " + observer.id() + " is of another generation";
                    Look.Version pod = observer.pod().version();
                    return observer.claim() == null
                            ? new Action.Evict(27, why, observer.id(), pod)
                            : new Action.ReplaceClaim(27, why, observer.id(), observer.claim(), pod);
                })
                .orElse(null);
    }

    /** A pod that waits to be let in. */
    @Nullable
    Action admit() {
        Optional<Look.ObserverPod> waiting = wantedPods()
                .filter(observer -> facts.member(observer.id()).isEmpty()
                        && observer.pod().running()
                        && !observer.pod().terminating())
                .findFirst();
        return waiting.<Action>map(observer -> new Action.AddMember(
                        27,
                        "the pod of observer " + observer.id() + " waits to be let in",
                        observer.id(),
                        configurationVersion()))
                .orElse(null);
    }

    private Stream<Look.ObserverPod> wantedPods() {
        return look.observers().stream()
                .flatMap(observers -> observers.pods().stream().filter(observer -> isWanted(observers, observer.id())));
    }

    private Stream<Look.Member> members() {
        return facts.quorate().stream()
                .flatMap(ensemble -> ensemble.members().stream())
                .filter(Look.Member::ours);
    }

    private long configurationVersion() {
        return facts.quorate()
                .map(Look.Ensemble.Confirmed::configurationVersion)
                .orElseThrow();
    }
}

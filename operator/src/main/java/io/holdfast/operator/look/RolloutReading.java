package io.holdfast.operator.look;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.plan.Facts;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out from the objects of a cluster, as they are now, whether it is in the middle of a rollout. Any thread. */
public final class RolloutReading {

    private final LiveObjects live;

    /** Creates one. */
    public RolloutReading(LiveObjects live) {
        this.live = live;
    }

    /** A template that something has, and the one that it is to have. */
    private record Pair(String has, String wanted) {

        boolean isNew() {
            return has.equals(wanted);
        }
    }

    /** Returns whether some members of a cluster have the templates that are wanted of them and others have not. */
    public boolean isBegun(LockCluster cluster) {
        Blueprint blueprint = new Blueprint(cluster);
        Sight.Objects members = new ObjectsReading(live, blueprint).members();
        PartsReading parts = new PartsReading(blueprint, members, Map.of(), Map.of(), Instant.EPOCH);
        Look.Ensemble unknown = new Look.Ensemble.Unconfirmed(Look.Doubt.NO_ANSWER, Instant.EPOCH, "");
        return isBegun(parts.voters(unknown, Looker.statusOf(cluster)), parts.observers());
    }

    /** Returns whether some of these have the templates that are wanted of them and others have not. */
    static boolean isBegun(List<Look.Voter> voters, List<Look.ObserverSet> observers) {
        List<Pair> pairs = Stream.concat(
                        voters.stream()
                                .filter(voter -> !Facts.isLeaving(voter))
                                .flatMap(voter -> Stream.concat(of(voter.set(), voter.wantedTemplate()), ofPod(voter))),
                        observers.stream()
                                .filter(set -> set.wantedReplicas() > 0)
                                .flatMap(set -> Stream.concat(
                                        of(set.set(), set.wantedTemplate()),
                                        set.pods().stream()
                                                .map(pod -> new Pair(pod.pod().template(), set.wantedTemplate())))))
                .toList();
        return pairs.stream().anyMatch(Pair::isNew) && !pairs.stream().allMatch(Pair::isNew);
    }

    private static Stream<Pair> of(Look.@Nullable StatefulSet set, String wanted) {
        return set == null ? Stream.empty() : Stream.of(new Pair(set.template(), wanted));
    }

    private static Stream<Pair> ofPod(Look.Voter voter) {
        return voter.pod() == null
                ? Stream.empty()
                : Stream.of(new Pair(voter.pod().template(), voter.wantedTemplate()));
    }
}

package io.holdfast.operator.cluster;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets one cluster at a time replace pods because a new release of the operator renders other templates. A change of
 * the specification is not held back. Any thread.
 */
final class RollingTurn {

    private static final Set<String> ROLLS = Set.of("Rolling", "RolloutStuck");

    private final LiveObjects live;
    private @Nullable String holder;

    RollingTurn(LiveObjects live) {
        this.live = live;
    }

    /** Returns whether a cluster whose templates differ may replace pods, and keeps others waiting if so. */
    synchronized boolean take(LockCluster cluster) {
        String uid = cluster.getMetadata().getUid();
        Long observed = Looker.statusOf(cluster).observedGeneration();
        if (!Objects.equals(observed, cluster.getMetadata().getGeneration()) || rolls(cluster)) {
            return true;
        }
        if (holder != null && !holder.equals(uid)) {
            String other = holder;
            if (all().stream()
                    .anyMatch(present -> other.equals(present.getMetadata().getUid()))) {
                return false;
            }
        }
        boolean free = all().stream()
                .filter(other -> !uid.equals(other.getMetadata().getUid()))
                .noneMatch(RollingTurn::rolls);
        holder = free ? uid : holder;
        return free;
    }

    /** Gives the turn back when the cluster has nothing to roll any more. */
    synchronized void end(LockCluster cluster) {
        if (cluster.getMetadata().getUid().equals(holder)) {
            holder = null;
        }
    }

    private List<LockCluster> all() {
        return live.listManaged(LockCluster.class, Map.of());
    }

    private static boolean rolls(LockCluster cluster) {
        return Optional.ofNullable(cluster.getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .anyMatch(condition ->
                        "Progressing".equals(condition.getType()) && ROLLS.contains(condition.getReason()));
    }
}

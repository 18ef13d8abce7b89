package io.holdfast.operator.cluster;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.RolloutReading;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one cluster at a time begin to replace pods because a new release of the operator renders other templates. A
 * change of the specification is not held back, and a cluster in the middle of it goes on. Which cluster that is
 * follows from its objects at each look: nothing is kept from one pass to the next. Any thread.
 */
final class RollingTurn {

    /** Progress of clusters that have not begun, or are done: their objects need not be read. */
    private static final Set<String> RESTS = Set.of("Converged", "Queued", "Paused");

    private final LiveObjects live;
    private final RolloutReading rollouts;

    /** Held from the decision that a cluster may begin until its first write has shown that to all others. */
    private final ReentrantLock beginning = new ReentrantLock();

    RollingTurn(LiveObjects live) {
        this.live = live;
        this.rollouts = new RolloutReading(live);
    }

    /**
     * Returns whether a cluster that has not begun may begin. Until {@link #end} is called in the same thread no other
     * one may.
     */
    boolean take(LockCluster cluster) {
        Long observed = Looker.statusOf(cluster).observedGeneration();
        if (!Objects.equals(observed, cluster.getMetadata().getGeneration())) {
            return true;
        }
        if (!beginning.tryLock()) {
            return false;
        }
        String uid = cluster.getMetadata().getUid();
        return live.listManaged(LockCluster.class, Map.of()).stream()
                .filter(other -> !uid.equals(other.getMetadata().getUid()))
                .filter(RollingTurn::mayAct)
                .noneMatch(rollouts::isBegun);
    }

    /** Ends the pass in which {@link #take} may have been called. */
    void end() {
        while (beginning.isHeldByCurrentThread()) {
            beginning.unlock();
        }
    }

    /** One of which no pod is replaced now, whatever its templates are, keeps no other waiting. */
    private static boolean mayAct(LockCluster cluster) {
        return cluster.getMetadata().getDeletionTimestamp() == null
                && !Looker.isHeld(cluster)
                && !RESTS.contains(progress(cluster).orElse("Converged"));
    }

    private static Optional<String> progress(LockCluster cluster) {
        return Looker.statusOf(cluster).conditions().stream()
                .filter(condition -> "Progressing".equals(condition.getType()))
                .map(condition -> condition.getReason())
                .findFirst();
    }
}

package io.holdfast.operator.act;

import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.operator.backup.Restores;
import io.holdfast.operator.crd.v1alpha1.Bootstrap;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.Restore;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.look.LiveObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what the first voter of a new ensemble begins with, each time that its StatefulSet is rendered. */
final class Beginning {

    private final LiveObjects live;

    Beginning(LiveObjects live) {
        this.live = live;
    }

    /**
     * Returns the file that an ensemble begins with, or why it must not begin; nothing when it begins empty. No pod of
     * the ensemble that the backup is of may run anywhere.
     */
    Optional<Restores.Resolution> of(Site site) {
        Bootstrap bootstrap = site.cluster().getSpec().bootstrap();
        if (bootstrap == null) {
            return Optional.empty();
        }
        Restore restore = bootstrap.restore();
        String backup = restore.backup();
        LockClusterBackup named = backup == null
                ? null
                : live.get(LockClusterBackup.class, site.namespace(), backup).orElse(null);
        List<Pod> pods = live.listManaged(Pod.class, Map.of(Labels.NAME, Labels.MEMBERS));
        return Optional.of(Restores.resolve(restore, named, Restores.others(site.cluster(), pods)));
    }

    /** Returns the outcome of an action that needs what the ensemble must not begin with. */
    static Outcome refused(Restores.Refused refused) {
        return Outcome.blocked(refused.reason() + ": " + refused.message());
    }
}

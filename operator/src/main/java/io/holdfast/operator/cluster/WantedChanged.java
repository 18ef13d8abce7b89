package io.holdfast.operator.cluster;

import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/** Lets a change of a cluster through that a person made: of its specification, or of its annotations. */
public class WantedChanged implements OnUpdateFilter<LockCluster> {

    /** Created by the operator SDK. */
    public WantedChanged() {
        // It has no state.
    }

    @Override
    public boolean accept(LockCluster now, LockCluster before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }
}

package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.Optional;

/**
 * The PodDisruptionBudget of all members. It says how many pods must stay, as a number: with the number that may go, a
 * pod that is missing altogether would not be counted, because each has a StatefulSet of its own.
 */
public final class Budget {

    private static final int VOTERS_MIN = 3;

    private Budget() {}

    /**
     * Returns the budget; empty for one or two voters, where it could never be met and would stop every drain.
     *
     * @param voters in the ensemble's configuration
     * @param others pods of members that do not vote
     */
    public static Optional<PodDisruptionBudget> of(LockCluster cluster, int voters, int others) {
        if (voters < VOTERS_MIN) {
            return Optional.empty();
        }
        return Optional.of(new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(cluster, new Names(cluster).budget(), Labels.of(cluster, "budget")))
                .withNewSpec()
                .withMinAvailable(new IntOrString(voters / 2 + 1 + others))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Labels.selectMembers(cluster))
                .endSelector()
                .endSpec()
                .build());
    }
}

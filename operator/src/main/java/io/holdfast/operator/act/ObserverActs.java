package io.holdfast.operator.act;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.ObserverSet;
import io.holdfast.operator.plan.Action;
import org.jspecify.annotations.Nullable;

/** What is done to sets of observers as a whole. */
final class ObserverActs {

    private final Writes writes;
    private final KubernetesSerialization json;

    ObserverActs(Writes writes, KubernetesSerialization json) {
        this.writes = writes;
        this.json = json;
    }

    /** The ids are taken in the status of the set before anything has them. */
    Outcome make(Site site, Action.MakeObservers action) {
        @Nullable LockObservers observers = site.sight().objects().observers().get(action.name());
        if (observers == null) {
            return Outcome.stale("LockObservers " + action.name() + " is gone");
        }
        Outcome outcome = new StatusRecord<>(writes, json, LockObservers.class, observers)
                .write(status -> status.put("firstId", action.firstId()));
        return outcome.goesOn()
                ? writes.create(
                        ObserverSet.of(site.cluster(), observers, action.firstId(), action.replicas()),
                        present -> site.blueprint().isOurs(present))
                : outcome;
    }
}

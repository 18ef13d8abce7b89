package io.holdfast.operator.status;

import io.holdfast.operator.plan.Facts;
import io.holdfast.operator.plan.Look;
import java.time.Instant;

/** Which members are in step, by the planner's own rule. */
final class InStep {

    private final Look look;
    private final Facts facts;

    InStep(Look look, Instant now) {
        this.look = look;
        this.facts = new Facts(look, now);
    }

    /** Returns whether a member is in step; one that has no pod of ours is not known to be. */
    boolean holds(int id) {
        return look.voter(id)
                .map(facts::isInStep)
                .orElseGet(() -> look.observers().stream()
                        .flatMap(set -> set.pods().stream())
                        .filter(pod -> pod.id() == id)
                        .anyMatch(facts::isInStep));
    }
}

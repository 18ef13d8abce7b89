package io.holdfast.operator.paper.control;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.holdfast.operator.paper.api.Access;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** How many pods each PodDisruptionBudget lets go. */
final class Budgets implements Controllers.Controller {

    @Override
    public void reconcile(Access access) {
        var pods = access.list(Pod.class);
        for (var budget : access.list(PodDisruptionBudget.class)) {
            reconcile(access, budget, pods);
        }
    }

    private static void reconcile(Access access, PodDisruptionBudget budget, List<Pod> pods) {
        var covered = pods.stream()
                .filter(pod -> pod.getMetadata()
                        .getNamespace()
                        .equals(budget.getMetadata().getNamespace()))
                .filter(pod -> labels(budget).entrySet().stream()
                        .allMatch(label -> label.getValue()
                                .equals(pod.getMetadata().getLabels().get(label.getKey()))))
                .toList();
        var old = budget.getStatus();
        var going = new TreeMap<String, String>();
        if (old != null && old.getDisruptedPods() != null) {
            going.putAll(old.getDisruptedPods());
        }
        going.keySet()
                .removeIf(name -> covered.stream()
                        .noneMatch(pod -> pod.getMetadata().getName().equals(name)
                                && pod.getMetadata().getDeletionTimestamp() == null));
        var healthy = (int) covered.stream()
                .filter(StatefulSets::isReady)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> !going.containsKey(pod.getMetadata().getName()))
                .count();
        var wanted = wanted(budget, covered.size());
        var allowed = covered.isEmpty() ? 0 : Math.max(0, healthy - wanted);
        var now = new PodDisruptionBudgetBuilder(budget)
                .editOrNewStatus()
                .withExpectedPods(covered.size())
                .withCurrentHealthy(healthy)
                .withDesiredHealthy(wanted)
                .withDisruptionsAllowed(allowed)
                .withDisruptedPods(going.isEmpty() ? null : going)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .endStatus()
                .build();
        if (old != null && Objects.equals(counts(old.toBuilder().build()), counts(now.getStatus()))) {
            return;
        }
        now.getStatus()
                .setConditions(List.of(new ConditionBuilder()
                        .withType("DisruptionAllowed")
                        .withStatus(allowed > 0 ? "True" : "False")
                        .withReason(allowed > 0 ? "SufficientPods" : "InsufficientPods")
                        .withMessage("")
                        .withLastTransitionTime(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build()));
        access.putStatus(now);
    }

    private static List<Object> counts(io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus status) {
        return List.of(
                status.getExpectedPods(),
                status.getCurrentHealthy(),
                status.getDesiredHealthy(),
                status.getDisruptionsAllowed(),
                status.getDisruptedPods() == null ? Map.of() : status.getDisruptedPods(),
                status.getObservedGeneration());
    }

    private static Map<String, String> labels(PodDisruptionBudget budget) {
        var selector = budget.getSpec().getSelector();
        if (!selector.getMatchExpressions().isEmpty()) {
            throw new IllegalStateException("only matchLabels are implemented in budgets");
        }
        return selector.getMatchLabels();
    }

    private static int wanted(PodDisruptionBudget budget, int covered) {
        var least = budget.getSpec().getMinAvailable();
        return least == null ? covered - number(budget.getSpec().getMaxUnavailable(), covered) : number(least, covered);
    }

    private static int number(IntOrString value, int of) {
        var text = value.getStrVal();
        return text == null ? value.getIntVal() : (int) Math.ceil(of * Integer.parseInt(text.replace("%", "")) / 100.0);
    }
}

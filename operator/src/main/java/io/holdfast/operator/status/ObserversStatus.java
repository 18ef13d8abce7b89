package io.holdfast.operator.status;

import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.StatusRecord;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.plan.Look;
import java.util.List;

/** What was seen of a set of observers, as its status has it. */
public final class ObserversStatus {

    private ObserversStatus() {}

    /** Writes the status of one set, when it differs from what is there. */
    public static Outcome write(Report report, StatusRecord<LockObservers> record) {
        String name = record.current().getMetadata().getName();
        List<Look.ObserverPod> pods = report.look().observers().stream()
                .filter(set -> set.name().equals(name))
                .flatMap(set -> set.pods().stream())
                .toList();
        InStep inStep = new InStep(report.look(), report.now());
        int ready = (int) pods.stream().filter(pod -> pod.pod().ready()).count();
        int serving = (int) pods.stream()
                .filter(pod -> pod.pod().ready() && inStep.holds(pod.id()))
                .count();
        int wanted = record.current().getSpec().replicas();
        long generation = record.current().getMetadata().getGeneration() == null
                ? 0
                : record.current().getMetadata().getGeneration();
        List<Finding> findings = List.of(
                new Finding(
                        Finding.AVAILABLE,
                        serving > 0 || wanted == 0,
                        serving > 0 || wanted == 0 ? "Serving" : "NoReadyPod",
                        serving + " of " + wanted + " observers are ready and in step"),
                new Finding(
                        Finding.PROGRESSING,
                        pods.size() != wanted || serving != wanted,
                        pods.size() == wanted && serving == wanted
                                ? "Converged"
                                : pods.size() > wanted ? "Shrinking" : "Growing",
                        pods.size() + " observers are there, and " + wanted + " are wanted"));
        return record.write(status -> {
            status.put("observedGeneration", generation);
            status.put("replicas", pods.size());
            status.put("readyReplicas", ready);
            status.put("selector", Labels.selectorText(report.sight().cluster(), name));
            StatusWriter.conditions(status, findings, generation, report.now());
        });
    }
}

package io.holdfast.operator.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.StatusRecord;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what was seen into the status of a cluster, when that differs from what is there. Used by one thread. */
public final class StatusWriter {

    private static final int PLAN_MAX = 64;

    private final Report report;
    private final InStep inStep;
    private final List<Finding> findings;

    /** Creates one for a report. */
    public StatusWriter(Report report) {
        this.report = report;
        this.inStep = new InStep(report.look(), report.now());
        this.findings = new Conditions(report, inStep).all();
    }

    /**
     * Returns what the metrics show of this cluster.
     *
     * @param waits whether something waits, for the reason that {@code Progressing} has
     */
    public OperatorMetrics.Shown shown(boolean waits) {
        String waiting = findings.stream()
                .filter(finding -> waits && finding.type().equals(Finding.PROGRESSING))
                .map(Finding::reason)
                .findFirst()
                .orElse("");
        Map<String, Integer> conditions = new TreeMap<>();
        findings.forEach(finding -> conditions.put(finding.type(), finding.holds() ? 1 : 0));
        Map<OperatorMetrics.InStep, Integer> members = new HashMap<>();
        report.look()
                .confirmed()
                .ifPresent(confirmed -> confirmed
                        .members()
                        .forEach(member -> members.merge(
                                new OperatorMetrics.InStep(
                                        member.votes() ? "voter" : "observer", inStep.holds(member.id())),
                                1,
                                Integer::sum)));
        return new OperatorMetrics.Shown(
                conditions, members, waiting, report.look().recorded().initialized());
    }

    /** Returns the conditions that it writes. */
    List<Finding> findings() {
        return findings;
    }

    /**
     * Writes the status.
     *
     * @param plan what a dry run would do; empty when it is none
     */
    public Outcome write(StatusRecord<LockCluster> record, List<Action> plan) {
        return record.write(status -> {
            status.put("observedGeneration", observed());
            ensemble(status);
            conditions(status, findings, observed(), report.now());
            members(status);
            if (plan.isEmpty()) {
                status.remove("plan");
            } else {
                plan(status.putArray("plan"), plan);
            }
        });
    }

    /** Returns the generation of the specification that was read: it, and not the one of now, is what was obeyed. */
    private long observed() {
        Long generation = report.sight().cluster().getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    private void ensemble(ObjectNode status) {
        int ready = 0;
        for (Look.Voter voter : report.look().voters()) {
            Look.Pod pod = voter.pod();
            ready += pod != null && pod.ready() && inStep.holds(voter.id()) ? 1 : 0;
        }
        status.put("readyVoters", ready);
        report.look()
                .confirmed()
                .ifPresentOrElse(
                        confirmed -> status.put("leader", confirmed.leader())
                                .put("epoch", confirmed.epoch())
                                .put("level", confirmed.level()),
                        () -> status.remove("leader"));
    }

    /** Puts conditions; the time of one changes with its status only. */
    static void conditions(ObjectNode status, List<Finding> findings, long generation, Instant now) {
        Map<String, JsonNode> before = new HashMap<>();
        status.path("conditions")
                .forEach(condition -> before.put(condition.path("type").asText(), condition));
        ArrayNode conditions = status.putArray("conditions");
        for (Finding finding : findings) {
            String holds = finding.holds() ? "True" : "False";
            JsonNode old = before.get(finding.type());
            String since = old != null && old.path("status").asText().equals(holds)
                    ? old.path("lastTransitionTime").asText()
                    : now.truncatedTo(ChronoUnit.SECONDS).toString();
            conditions
                    .addObject()
                    .put("lastTransitionTime", since)
                    .put("message", Texts.line(finding.message()))
                    .put("observedGeneration", generation)
                    .put("reason", finding.reason())
                    .put("status", holds)
                    .put("type", finding.type());
        }
    }

    /** Without a leader the members are those that were seen last, none of them in step. */
    private void members(ObjectNode status) {
        Map<Integer, JsonNode> before = new HashMap<>();
        status.path("members").forEach(member -> before.put(member.path("id").asInt(), member));
        Optional<Look.Ensemble.Confirmed> confirmed = report.look().confirmed();
        if (confirmed.isPresent()) {
            ArrayNode members = status.putArray("members");
            for (Look.Member seen : confirmed.get().members()) {
                ObjectNode member = members.addObject().put("id", seen.id());
                member.put("role", seen.votes() ? "voter" : "observer").put("state", seen.state());
                if (seen.disk() != null) {
                    member.put("disk", seen.disk());
                }
                pod(member, seen.id());
                inStep(member, inStep.holds(seen.id()), before.get(seen.id()));
            }
        } else if (status.path("members") instanceof ArrayNode members) {
            for (JsonNode known : members) {
                ObjectNode member = (ObjectNode) known;
                member.put("state", "unknown");
                pod(member, member.path("id").asInt());
                JsonNode was = before.get(member.path("id").asInt());
                inStep(member, false, was == null ? null : was.deepCopy());
            }
        }
    }

    private void pod(ObjectNode member, int id) {
        member.remove(List.of("pod", "node", "ready"));
        report.sight().objects().pod(id).ifPresent(pod -> {
            member.put("pod", pod.getMetadata().getName());
            String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
            if (node != null) {
                member.put("node", node);
            }
        });
        Look.Pod pod = seenPod(id);
        if (pod != null) {
            member.put("ready", pod.ready());
        }
    }

    private Look.@Nullable Pod seenPod(int id) {
        return report.look()
                .voter(id)
                .map(Look.Voter::pod)
                .or(() -> report.look().observers().stream()
                        .flatMap(set -> set.pods().stream())
                        .filter(pod -> pod.id() == id)
                        .map(Look.ObserverPod::pod)
                        .findFirst())
                .orElse(null);
    }

    private void inStep(ObjectNode member, boolean holds, @Nullable JsonNode before) {
        member.put("inStep", holds);
        member.remove("outOfStepSince");
        if (!holds && member.path("role").asText().equals("voter")) {
            String since = before == null ? "" : before.path("outOfStepSince").asText();
            member.put(
                    "outOfStepSince",
                    since.isEmpty()
                            ? report.now().truncatedTo(ChronoUnit.SECONDS).toString()
                            : since);
        }
    }

    private static void plan(ArrayNode plan, List<Action> actions) {
        for (Action action : actions.subList(0, Math.min(actions.size(), PLAN_MAX))) {
            ObjectNode planned = plan.addObject().put("action", Actions.name(action));
            Actions.member(action).ifPresent(id -> planned.put("member", id));
            planned.put("why", Texts.line(action.why()));
        }
    }
}

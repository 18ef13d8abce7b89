package io.holdfast.operator.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.api.AclBody;
import io.holdfast.operator.act.StatusRecord;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockPolicy;
import io.holdfast.operator.look.Answer;
import io.holdfast.operator.look.Endpoint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.look.Texts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the {@code LockPolicy} objects of a cluster into its rules of access: the whole document is written at once,
 * if it is still of the revision that was read. A policy that is gone leaves the rules with the next pass.
 */
public final class PolicyPass {

    private final LiveObjects live;
    private final ServiceCalls calls;
    private final Writes writes;
    private final KubernetesSerialization json;

    /** Creates one. */
    public PolicyPass(KubernetesClient client, LiveObjects live, ServiceCalls calls, Writes writes) {
        this.live = live;
        this.calls = calls;
        this.writes = writes;
        this.json = client.getKubernetesSerialization();
    }

    /** What became of all policies that count. */
    private record Verdict(boolean accepted, String reason, String message) {}

    /** Passes over the policies of one cluster. */
    public void pass(Sight sight, Instant now) throws InterruptedException {
        String cluster = sight.cluster().getMetadata().getName();
        List<LockPolicy> all =
                live.list(LockPolicy.class, sight.cluster().getMetadata().getNamespace(), Map.of()).stream()
                        .filter(policy -> cluster.equals(policy.getSpec().clusterRef()))
                        .toList();
        Endpoint leader = sight.service().leader();
        if (sight.cluster().getSpec().auth() == null) {
            report(all, all, new Verdict(false, "NoAuth", "the LockCluster has no spec.auth"), now);
            return;
        }
        if (leader == null || leader.secured() == null) {
            // What was reported last is so still.
            return;
        }
        List<LockPolicy> accepted = PolicyRules.accepted(all);
        Answer<AclBody> present = calls.rules(leader);
        AclBody body = present.value().orElse(null);
        if (body == null || body.revision() == null) {
            String why = "the rules of the ensemble cannot be read: " + present.why();
            report(all, accepted, new Verdict(false, "NotRead", why), now);
            return;
        }
        List<LockPolicy> fitting = PolicyRules.fitting(body, accepted);
        report(all, fitting, applied(leader, body, body.revision(), fitting), now);
    }

    private Verdict applied(Endpoint leader, AclBody body, String revision, List<LockPolicy> accepted)
            throws InterruptedException {
        AclBody wanted = PolicyRules.with(body, accepted);
        if (PolicyRules.isSame(body, wanted)) {
            return new Verdict(true, "InForce", "its rules are in force");
        }
        Answer<AclBody> changed = calls.changeRules(leader, wanted, revision);
        return changed.value().isPresent()
                ? new Verdict(true, "InForce", "its rules are in force")
                : new Verdict(false, "Refused", "the ensemble does not take the rules: " + changed.why());
    }

    private void report(List<LockPolicy> all, List<LockPolicy> accepted, Verdict verdict, Instant now) {
        for (LockPolicy policy : all) {
            if (policy.getMetadata().getDeletionTimestamp() != null) {
                continue;
            }
            boolean isOneTooMany = !accepted.contains(policy);
            String objection = PolicyRules.objection(policy);
            Verdict one = !objection.isEmpty()
                    ? new Verdict(false, "Invalid", objection)
                    : isOneTooMany
                            ? new Verdict(
                                    false,
                                    "TooMany",
                                    "the LockCluster takes " + PolicyRules.MAX + " policies, the oldest, and "
                                            + PolicyRules.BYTES_MAX + " bytes of rules in all: delete some")
                            : verdict;
            new StatusRecord<>(writes, json, LockPolicy.class, policy)
                    .write(status -> write(status, policy.getMetadata().getGeneration(), one, now));
        }
    }

    private static void write(ObjectNode status, @Nullable Long generation, Verdict verdict, Instant now) {
        String holds = verdict.accepted() ? "True" : "False";
        var before = status.path("conditions").path(0);
        String since = before.path("status").asText().equals(holds)
                ? before.path("lastTransitionTime").asText()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        long observed = generation == null ? 0 : generation;
        status.put("observedGeneration", observed);
        status.putArray("conditions")
                .addObject()
                .put("lastTransitionTime", since)
                .put("message", Texts.line(verdict.message()))
                .put("observedGeneration", observed)
                .put("reason", verdict.reason())
                .put("status", holds)
                .put("type", "Accepted");
    }
}

package io.holdfast.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.SharedObjects;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Look;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Applies Services, the disruption budget and policies, where what is there is not what is wanted, and the owners of
 * claims. What others add to an object stays; what was wanted once and is not any more goes.
 */
final class SharedApply {

    private static final String APPLIED = "holdfast.dev/applied";

    private final MonitorApply monitors;
    private final Writes writes;
    private final KubernetesSerialization json;

    SharedApply(KubernetesClient client, Writes writes) {
        this.monitors = new MonitorApply(client, writes);
        this.writes = writes;
        this.json = client.getKubernetesSerialization();
    }

    /**
     * Applies what differs; returns what went wrong first, or what was done.
     *
     * @param complaints gets what is wrong and stops nothing
     */
    Outcome apply(Sight sight, List<Complaint> complaints) {
        boolean isMonitored = monitors.remove(sight, complaints);
        Set<String> wanted = new HashSet<>();
        for (HasMetadata object : wanted(sight)) {
            if (object instanceof GenericKubernetesResource) {
                continue;
            }
            wanted.add(Sight.key(object));
            if (isMonitored && object.getMetadata().getName().equals(new Names(sight.cluster()).peers())) {
                annotate(object, MonitorApply.MONITORED, "true");
            }
            Outcome outcome = apply(sight, object);
            if (!outcome.goesOn()) {
                return outcome;
            }
        }
        monitors.apply(sight, this::isApplied, complaints);
        Outcome removed = removed(sight, wanted);
        if (removed.goesOn()) {
            removed = removedObservers(sight);
        }
        return removed.goesOn() ? new ClaimOwners(writes, json).apply(sight) : removed;
    }

    private Outcome apply(Sight sight, HasMetadata object) {
        HasMetadata present = sight.objects().shared().get(Sight.key(object));
        if (present != null && !new Blueprint(sight.cluster()).isOurs(present)) {
            return Outcome.blocked(Sight.key(object) + " exists and is not this cluster's: rename or delete it");
        }
        return isApplied(present, object) ? Outcome.NOTHING : writes.apply(object);
    }

    private boolean isApplied(@Nullable HasMetadata present, HasMetadata wanted) {
        annotate(wanted, APPLIED, digest(wanted));
        return isThere(present, wanted);
    }

    /** Services stay: clients may use them. A budget or a policy that is not wanted any more is in the way. */
    private Outcome removed(Sight sight, Set<String> wanted) {
        for (Map.Entry<String, HasMetadata> present : sight.objects().shared().entrySet()) {
            HasMetadata object = present.getValue();
            if (!wanted.contains(present.getKey()) && !(object instanceof Service)) {
                Outcome outcome = delete(object);
                if (!outcome.goesOn()) {
                    return outcome;
                }
            }
        }
        return Outcome.NOTHING;
    }

    /** The StatefulSet of observers that are gone, member by member and pod by pod, gives its name free. */
    private Outcome removedObservers(Sight sight) {
        Sight.Objects objects = sight.objects();
        for (Map.Entry<String, StatefulSet> set : objects.observerSets().entrySet()) {
            boolean isEmpty = Integer.valueOf(0).equals(set.getValue().getSpec().getReplicas())
                    && objects.observerPods().values().stream()
                            .noneMatch(pod -> set.getKey()
                                    .equals(pod.getMetadata().getLabels().get(Labels.OBSERVERS)));
            if (isEmpty && !objects.observers().containsKey(set.getKey())) {
                Outcome outcome = delete(set.getValue());
                if (!outcome.goesOn()) {
                    return outcome;
                }
            }
        }
        return Outcome.NOTHING;
    }

    private Outcome delete(HasMetadata object) {
        ObjectMeta seen = object.getMetadata();
        return writes.delete(
                object.getClass(),
                seen.getNamespace(),
                new Look.Version(seen.getName(), seen.getUid(), seen.getResourceVersion()));
    }

    /** The budget counts voters as the ensemble does; without a leader, as it did when one was seen last. */
    private static List<HasMetadata> wanted(Sight sight) {
        Look look = sight.look();
        Set<Integer> voters = new HashSet<>();
        Optional<Look.Ensemble.Confirmed> confirmed = look.confirmed();
        if (confirmed.isPresent()) {
            confirmed.get().members().stream().filter(Look.Member::votes).forEach(member -> voters.add(member.id()));
        } else {
            Looker.statusOf(sight.cluster()).members().stream()
                    .filter(member -> "voter".equals(member.role()))
                    .forEach(member -> voters.add(member.id()));
        }
        int others = (int) Stream.concat(
                        sight.objects().pods().entrySet().stream(), sight.objects().observerPods().entrySet().stream())
                .filter(pod -> !voters.contains(pod.getKey())
                        && pod.getValue().getMetadata().getDeletionTimestamp() == null)
                .count();
        boolean observers = !sight.objects().observers().isEmpty();
        return SharedObjects.of(
                sight.cluster(),
                new SharedObjects.Seen(
                        observers, voters.size(), others, look.recorded().initialized()));
    }

    private static void annotate(HasMetadata wanted, String name, String value) {
        Map<String, String> annotations = wanted.getMetadata().getAnnotations();
        Map<String, String> more = annotations == null ? new TreeMap<>() : new TreeMap<>(annotations);
        more.put(name, value);
        wanted.getMetadata().setAnnotations(more);
    }

    /** Returns what changes with anything that is wanted, so that also what is not wanted any more is applied. */
    private String digest(HasMetadata wanted) {
        CRC32C crc = new CRC32C();
        crc.update(json.asJson(wanted).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private boolean isThere(@Nullable HasMetadata present, HasMetadata wanted) {
        return present != null
                && contains(json.convertValue(present, JsonNode.class), json.convertValue(wanted, JsonNode.class));
    }

    /** Returns whether one document has all that another one has; lists must be equal in length and order. */
    static boolean contains(JsonNode present, JsonNode wanted) {
        if (wanted.isObject()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                JsonNode value = field.getValue();
                JsonNode there = present.path(field.getKey());
                boolean nothing = value.isNull() || (value.isContainerNode() && value.isEmpty());
                if (!(nothing && there.isMissingNode()) && !contains(there, value)) {
                    return false;
                }
            }
            return present.isObject();
        }
        if (wanted.isArray()) {
            if (!present.isArray() || present.size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!contains(present.get(i), wanted.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return present.equals(wanted);
    }
}

package io.holdfast.operator.paper.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.operator.paper.api.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Pods of StatefulSets by name and ordinal. A pod that exists is never replaced because the template changed, as with
 * the strategy OnDelete.
 */
final class StatefulSets implements Controllers.Controller {

    private static final String REVISION = "controller-revision-hash";

    @Override
    public void reconcile(Access access) {
        var pods = access.list(Pod.class);
        for (var set : access.list(StatefulSet.class)) {
            if (set.getMetadata().getDeletionTimestamp() == null) {
                reconcile(access, set, pods);
            }
        }
    }

    private static void reconcile(Access access, StatefulSet set, List<Pod> pods) {
        var mine = new TreeMap<Integer, Pod>();
        pods.stream().filter(pod -> owns(set, pod)).forEach(pod -> mine.put(ordinal(pod), pod));
        var ordinals = set.getSpec().getOrdinals();
        var first = ordinals == null || ordinals.getStart() == null ? 0 : ordinals.getStart();
        var replicas = set.getSpec().getReplicas() == null ? 1 : set.getSpec().getReplicas();
        var ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
        var healthy = true;
        for (var ordinal = first; ordinal < first + replicas && (healthy || !ordered); ordinal++) {
            var pod = mine.get(ordinal);
            if (pod == null) {
                create(access, set, ordinal, pods);
            } else if (isOver(pod) && pod.getMetadata().getDeletionTimestamp() == null) {
                access.delete(pod);
            }
            healthy &= pod != null && isReady(pod) && pod.getMetadata().getDeletionTimestamp() == null;
        }
        for (var ordinal : mine.descendingKeySet()) {
            var pod = mine.get(ordinal);
            if (ordinal < first || ordinal >= first + replicas) {
                if (pod.getMetadata().getDeletionTimestamp() == null) {
                    access.delete(pod);
                }
                if (ordered) {
                    break;
                }
            }
        }
        status(access, set, List.copyOf(mine.values()));
    }

    private static void status(Access access, StatefulSet set, List<Pod> pods) {
        var revision = revision(set);
        var old = set.getStatus();
        var now = new StatefulSetBuilder(set)
                .editOrNewStatus()
                .withReplicas(pods.size())
                .withReadyReplicas(count(pods, StatefulSets::isReady))
                .withAvailableReplicas(count(pods, StatefulSets::isReady))
                .withUpdatedReplicas(count(pods, pod -> revision.equals(label(pod, REVISION))))
                .withCurrentReplicas(count(pods, pod -> revision.equals(label(pod, REVISION))))
                .withCurrentRevision(
                        old == null || old.getCurrentRevision() == null ? revision : old.getCurrentRevision())
                .withUpdateRevision(revision)
                .withCollisionCount(0)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .endStatus()
                .build();
        if (!Objects.equals(old, now.getStatus())) {
            access.putStatus(now);
        }
    }

    private static void create(Access access, StatefulSet set, int ordinal, List<Pod> pods) {
        var name = set.getMetadata().getName() + "-" + ordinal;
        var namespace = set.getMetadata().getNamespace();
        if (pods.stream()
                .anyMatch(pod -> pod.getMetadata().getName().equals(name)
                        && pod.getMetadata().getNamespace().equals(namespace))) {
            // A pod of that name that is another's, or one that is on its way out.
            return;
        }
        var template = set.getSpec().getTemplate();
        var labels = new HashMap<>(labels(template));
        labels.put("statefulset.kubernetes.io/pod-name", name);
        labels.put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
        labels.put(REVISION, revision(set));
        var pod = new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace(namespace)
                        .withLabels(labels)
                        .withAnnotations(
                                template.getMetadata() == null
                                        ? null
                                        : template.getMetadata().getAnnotations())
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion(set.getApiVersion())
                                .withKind(set.getKind())
                                .withName(set.getMetadata().getName())
                                .withUid(set.getMetadata().getUid())
                                .withController(true)
                                .withBlockOwnerDeletion(true)
                                .build())
                        .build())
                .withSpec(template.getSpec())
                .editSpec()
                .withHostname(name)
                .withSubdomain(set.getSpec().getServiceName())
                .withVolumes(volumes(access, set, name))
                .endSpec()
                .build();
        access.create(pod);
    }

    /** Those of the template, and a claim for each claim template, which is made when it is not there. */
    private static List<Volume> volumes(Access access, StatefulSet set, String pod) {
        var templates = set.getSpec().getVolumeClaimTemplates();
        var volumes = new ArrayList<>(set.getSpec().getTemplate().getSpec().getVolumes());
        for (var template : templates) {
            var volume = template.getMetadata().getName();
            var claim = volume + "-" + pod;
            var namespace = set.getMetadata().getNamespace();
            if (access.get(PersistentVolumeClaim.class, namespace, claim) == null) {
                access.create(new PersistentVolumeClaimBuilder(template)
                        .editMetadata()
                        .withName(claim)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build());
            }
            volumes.add(new VolumeBuilder()
                    .withName(volume)
                    .withNewPersistentVolumeClaim(claim, false)
                    .build());
        }
        return volumes;
    }

    private static Map<String, String> labels(PodTemplateSpec template) {
        var metadata = template.getMetadata();
        return metadata == null || metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    }

    static boolean owns(HasMetadata owner, HasMetadata owned) {
        return owned.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }

    private static boolean isOver(Pod pod) {
        return List.of("Failed", "Succeeded").contains(pod.getStatus().getPhase());
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(each ->
                        each.getType().equals("Ready") && each.getStatus().equals("True"));
    }

    private static int count(List<Pod> pods, java.util.function.Predicate<Pod> which) {
        return (int) pods.stream().filter(which).count();
    }

    private static String label(Pod pod, String name) {
        return pod.getMetadata().getLabels().getOrDefault(name, "");
    }

    private static int ordinal(Pod pod) {
        var name = pod.getMetadata().getName();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static String revision(StatefulSet set) {
        var hash = Serialization.asJson(set.getSpec().getTemplate()).hashCode();
        return set.getMetadata().getName() + "-" + Integer.toUnsignedString(hash, 36);
    }
}

package io.holdfast.operator.act;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.backup.Restores;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.ObserverSet;
import io.holdfast.operator.desired.SpecRefusedException;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is done to StatefulSets, claims and pods of members. */
final class VoterActs {

    private final Writes writes;
    private final KubernetesSerialization json;
    private final Beginning beginning;

    VoterActs(Writes writes, KubernetesSerialization json, Beginning beginning) {
        this.writes = writes;
        this.json = json;
        this.beginning = beginning;
    }

    Outcome createSet(Site site, int id) {
        return createSet(site, VoterSet.of(site.cluster(), id));
    }

    /** What cannot be rendered is made as another voter's was: the ensemble needs it whatever is wanted now. */
    Outcome recreateSet(Site site, int id) {
        try {
            return createSet(site, id);
        } catch (SpecRefusedException e) {
            Optional<StatefulSet> other = site.sight().objects().sets().values().stream()
                    .filter(set -> set.getSpec().getTemplate() != null)
                    .findFirst();
            if (other.isEmpty()) {
                throw e;
            }
            return createSet(site, VoterSet.like(other.get(), site.cluster(), id));
        }
    }

    Outcome createSet(Site site, StatefulSet set) {
        return writes.create(set, present -> site.blueprint().isOurs(present));
    }

    Outcome createClaim(Site site, int id, @Nullable Long generation) {
        String uid = site.cluster().getMetadata().getUid();
        return writes.create(
                VoterClaim.of(site.cluster(), id, generation),
                present -> present.getMetadata().getDeletionTimestamp() == null
                        && site.blueprint().isOurs(present)
                        && Objects.equals(uid, present.getMetadata().getLabels().get(Labels.CLUSTER_UID)));
    }

    /** The id is taken in the status before anything has it: it is never given twice. */
    Outcome newVoter(Site site, int id) {
        StatefulSet set = VoterSet.of(site.cluster(), id);
        int next = site.record().status().path("nextId").asInt();
        if (next > id) {
            return Outcome.stale("id " + id + " was given already");
        }
        Outcome outcome = site.record().write(status -> status.put("nextId", id + 1));
        if (outcome.goesOn() && !site.cluster().getSpec().storage().ephemeral()) {
            outcome = createClaim(site, id, site.sight().look().recorded().generation());
        }
        return outcome.goesOn() ? createSet(site, set) : outcome;
    }

    Outcome scale(Site site, Look.Version set, int replicas) {
        return writes.patch(
                StatefulSet.class, site.namespace(), set, new JsonPatch(set).set("/spec/replicas", replicas));
    }

    /**
     * All of the template is replaced: also fields that it had and is not to have any more. While the ensemble is
     * founded, what restores its backup is part of it.
     */
    Outcome applyTemplate(Site site, Action.ApplyTemplate action) {
        Restores.Resolution begin = site.sight().look().start() instanceof Look.Start.Founding
                ? beginning.of(site).orElse(null)
                : null;
        if (begin instanceof Restores.Refused refused) {
            return Beginning.refused(refused);
        }
        Restores.Source source = begin instanceof Restores.Source given ? given : null;
        Optional<StatefulSet> wanted = wanted(site, action.set().name(), source);
        if (wanted.isEmpty()
                || !action.template()
                        .equals(wanted.get()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getAnnotations()
                                .get(Labels.TEMPLATE))) {
            return Outcome.stale(
                    "another template is wanted for StatefulSet " + action.set().name() + " by now");
        }
        JsonNode template = json.convertValue(wanted.get().getSpec().getTemplate(), JsonNode.class);
        return writes.patch(
                StatefulSet.class,
                site.namespace(),
                action.set(),
                new JsonPatch(action.set()).set("/spec/template", template));
    }

    /** Changes the template that a StatefulSet has; its pods stay as they are. */
    Outcome setTemplate(Site site, Look.Version set, UnaryOperator<PodTemplateSpec> change) {
        Optional<StatefulSet> present = site.sight().objects().set(set.name());
        if (present.isEmpty()) {
            return Outcome.stale("StatefulSet " + set.name() + " is gone");
        }
        PodTemplateSpec changed = change.apply(present.get().getSpec().getTemplate());
        return writes.patch(
                StatefulSet.class,
                site.namespace(),
                set,
                new JsonPatch(set).set("/spec/template", json.convertValue(changed, JsonNode.class)));
    }

    private static Optional<StatefulSet> wanted(Site site, String name, Restores.@Nullable Source source) {
        var objects = site.sight().objects();
        for (var voter : objects.sets().entrySet()) {
            if (name.equals(voter.getValue().getMetadata().getName())) {
                return Optional.of(VoterSet.of(site.cluster(), voter.getKey(), source));
            }
        }
        StatefulSet present = objects.observerSets().get(name);
        return Optional.ofNullable(objects.observers().get(name))
                .filter(observers -> present != null)
                .map(observers -> ObserverSet.of(site.cluster(), observers, firstId(present), 0));
    }

    private static int firstId(@Nullable StatefulSet set) {
        var ordinals = set == null ? null : set.getSpec().getOrdinals();
        return ordinals == null || ordinals.getStart() == null ? 0 : ordinals.getStart();
    }

    /** The mark on the claim comes first: it stays when the StatefulSet is gone, and says that no voter uses it. */
    Outcome markLeaving(Site site, Action.MarkLeaving action) {
        Look.Version claim = action.claim();
        Outcome outcome = claim == null ? Outcome.NOTHING : markClaim(site, claim, Blueprint.MARK_REMOVED);
        return outcome.goesOn() ? outcome.then(markSet(site, action.set())) : outcome;
    }

    /** Marks a claim as of no more use. */
    Outcome markClaim(Site site, Look.Version claim, String mark) {
        return labelClaim(site, claim, Labels.MARK, mark);
    }

    /** Sets a label of a claim. One of ours was selected by its labels: it has some. */
    Outcome labelClaim(Site site, Look.Version claim, String label, String value) {
        return writes.patch(
                PersistentVolumeClaim.class,
                site.namespace(),
                claim,
                new JsonPatch(claim).setMetadata("labels", false, label, value));
    }

    /** Marks a StatefulSet: its voter leaves for good. */
    Outcome markSet(Site site, Look.Version set) {
        var annotations = site.sight()
                .objects()
                .set(set.name())
                .map(present -> present.getMetadata().getAnnotations())
                .orElse(null);
        boolean isEmpty = annotations == null || annotations.isEmpty();
        return writes.patch(
                StatefulSet.class,
                site.namespace(),
                set,
                new JsonPatch(set).setMetadata("annotations", isEmpty, Labels.LEAVING, "true"));
    }

    Outcome deleteVoter(Site site, Action.DeleteVoter action) {
        Look.Version set = action.set();
        Look.Version claim = action.claim();
        Outcome outcome = set == null ? Outcome.NOTHING : writes.delete(StatefulSet.class, site.namespace(), set);
        return outcome.goesOn() && claim != null
                ? outcome.then(writes.delete(PersistentVolumeClaim.class, site.namespace(), claim))
                : outcome;
    }

    Outcome evict(Site site, Look.Version pod) {
        return writes.evict(site.namespace(), pod);
    }

    /** The claim stays until its pod is gone: only both together make room for a new one. */
    Outcome replaceClaim(Site site, Action.ReplaceClaim action) {
        Look.Version claim = action.claim();
        Look.Version pod = action.pod();
        Outcome outcome =
                claim == null ? Outcome.NOTHING : writes.delete(PersistentVolumeClaim.class, site.namespace(), claim);
        return outcome.goesOn() && pod != null ? outcome.then(evict(site, pod)) : outcome;
    }

    Outcome resize(Site site, Action.Resize action) {
        PersistentVolumeClaim sized = new PersistentVolumeClaimBuilder()
                .withNewSpec()
                .withNewResources()
                .addToRequests(
                        "storage",
                        new Quantity(site.cluster().getSpec().storage().size()))
                .endResources()
                .endSpec()
                .build();
        JsonNode resources = json.convertValue(sized.getSpec().getResources(), JsonNode.class);
        return writes.patch(
                PersistentVolumeClaim.class,
                site.namespace(),
                action.claim(),
                new JsonPatch(action.claim()).set("/spec/resources", resources));
    }
}

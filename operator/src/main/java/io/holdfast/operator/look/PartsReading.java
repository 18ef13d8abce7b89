package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.api.ClusterBody;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.crd.v1alpha1.RecoveredStatus;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.ObserverSet;
import io.holdfast.operator.desired.SpecRefusedException;
import io.holdfast.operator.desired.StartConfig;
import io.holdfast.operator.desired.Transport;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the objects of a look into what the planner knows of them. */
final class PartsReading {

    private static final Pattern VOTER = Pattern.compile(".*-voter-([1-9][0-9]{0,3})-0\\..*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Blueprint blueprint;
    private final Sight.Objects objects;
    private final Map<String, Pod> again;
    private final Map<Integer, Answer<ClusterBody>> answers;
    private final Instant now;
    private final List<Complaint> refusedObservers = new ArrayList<>();
    private @Nullable String refusal;

    /**
     * Creates one for a look.
     *
     * @param again the pods at the end of the look, by name
     * @param answers of the servers, by id
     */
    PartsReading(
            Blueprint blueprint,
            Sight.Objects objects,
            Map<String, Pod> again,
            Map<Integer, Answer<ClusterBody>> answers,
            Instant now) {
        this.blueprint = blueprint;
        this.objects = objects;
        this.again = again;
        this.answers = answers;
        this.now = now;
    }

    Look.Recorded recorded(LockClusterStatus status) {
        Look.Recovered confirmed = recovered(status.recovered());
        return new Look.Recorded(
                status.generation(),
                status.nextId() == null ? 0 : status.nextId(),
                Boolean.TRUE.equals(status.initialized()),
                new Look.Recovery(
                        status.recovery().stream()
                                .map(volume -> new Look.Examined(volume.member(), volume.lastLogged(), volume.code()))
                                .toList(),
                        confirmed),
                Stage.valueOf(Transport.stageOf(blueprint.cluster()).name()));
    }

    private static Look.@Nullable Recovered recovered(@Nullable RecoveredStatus status) {
        if (status == null) {
            return null;
        }
        String code = status.code();
        Long generation = status.generation();
        return code == null || generation == null ? null : new Look.Recovered(status.member(), code, generation);
    }

    Look.Start start() {
        ConfigMap start = objects.start();
        if (start == null) {
            return new Look.Start.None();
        }
        Look.Version version = PodReading.version(start.getMetadata());
        String join = PodReading.text(start.getData(), StartConfig.JOIN);
        if (join.isEmpty()) {
            return PodReading.text(start.getData(), StartConfig.MEMBERS).isEmpty()
                    ? new Look.Start.Joining(version, List.of())
                    : new Look.Start.Founding(version);
        }
        List<Integer> voters = new ArrayList<>();
        Arrays.stream(join.split(",", Blueprint.VOTER_ID_MAX))
                .map(this::voterAt)
                .sorted()
                .forEach(voters::add);
        return new Look.Start.Joining(
                version, voters, number(PodReading.text(start.getData(), StartConfig.GENERATION)));
    }

    private static @Nullable Long number(String text) {
        return NUMBER.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    private int voterAt(String address) {
        Matcher voter = VOTER.matcher(address);
        int id = voter.matches() ? Integer.parseInt(voter.group(1)) : 0;
        return id > 0 && address.equals(blueprint.names().address(id)) ? id : 0;
    }

    List<Look.Voter> voters(Look.Ensemble ensemble, LockClusterStatus status) {
        SortedSet<Integer> ids = new TreeSet<>(objects.sets().keySet());
        ids.addAll(objects.claims().keySet());
        ids.addAll(objects.pods().keySet());
        if (ensemble instanceof Look.Ensemble.Confirmed confirmed) {
            confirmed.members().stream()
                    .filter(member -> member.ours() && member.id() <= Blueprint.VOTER_ID_MAX)
                    .forEach(member -> ids.add(member.id()));
        }
        Map<Integer, Instant> outOfStep = new TreeMap<>();
        status.members().stream()
                .filter(member -> member.outOfStepSince() != null)
                .forEach(member -> outOfStep.put(member.id(), PodReading.time(member.outOfStepSince())));
        List<Look.Voter> voters = new ArrayList<>();
        // Also before there is a voter: nothing is begun that cannot be carried out.
        wanted(null, () -> VoterSet.of(blueprint.cluster(), 1));
        for (int id : ids) {
            StatefulSet set = objects.sets().get(id);
            PersistentVolumeClaim claim = objects.claims().get(id);
            Pod pod = objects.pods().get(id);
            voters.add(new Look.Voter(
                    id,
                    wanted(set, () -> VoterSet.of(blueprint.cluster(), id)),
                    set == null ? null : set(set),
                    claim == null ? null : claim(claim),
                    pod == null ? null : pod(pod, id),
                    outOfStep.get(id)));
        }
        return voters;
    }

    List<Look.ObserverSet> observers() {
        SortedSet<String> names = new TreeSet<>(objects.observers().keySet());
        names.addAll(objects.observerSets().keySet());
        List<Look.ObserverSet> sets = new ArrayList<>();
        for (String name : names) {
            LockObservers wanted = objects.observers().get(name);
            StatefulSet set = objects.observerSets().get(name);
            List<Look.ObserverPod> pods = new ArrayList<>();
            objects.observerPods().forEach((id, pod) -> {
                if (name.equals(PodReading.text(pod.getMetadata().getLabels(), Labels.OBSERVERS))) {
                    pods.add(new Look.ObserverPod(id, pod(pod, id), claimOf(pod)));
                }
            });
            sets.add(new Look.ObserverSet(
                    name,
                    wanted == null || wanted.getMetadata().getDeletionTimestamp() != null
                            ? 0
                            : wanted.getSpec().replicas(),
                    firstId(wanted, set),
                    wantedOfObservers(name, wanted, set),
                    set == null ? null : set(set),
                    pods));
        }
        return sets;
    }

    /** A claim that is being deleted goes with its pod. */
    private Look.@Nullable Version claimOf(Pod pod) {
        PersistentVolumeClaim claim =
                objects.observerClaims().get(pod.getMetadata().getName());
        return claim == null || claim.getMetadata().getDeletionTimestamp() != null
                ? null
                : PodReading.version(claim.getMetadata());
    }

    /** What cannot be rendered stays as it is. */
    private String wanted(@Nullable StatefulSet present, Supplier<StatefulSet> rendered) {
        try {
            return template(rendered.get().getSpec().getTemplate());
        } catch (SpecRefusedException e) {
            refusal = Texts.line(e);
            return templateOf(present);
        }
    }

    /** Voters do not wait for observers that cannot be rendered: these stay as they are, and are named. */
    private String wantedOfObservers(String name, @Nullable LockObservers observers, @Nullable StatefulSet present) {
        if (observers == null) {
            return templateOf(present);
        }
        try {
            return template(ObserverSet.of(blueprint.cluster(), observers, 0, 0)
                    .getSpec()
                    .getTemplate());
        } catch (SpecRefusedException e) {
            refusedObservers.add(
                    new Complaint(Complaint.BLOCKED, Texts.line("LockObservers " + name + ": " + e.getMessage())));
            return templateOf(present);
        }
    }

    private static String templateOf(@Nullable StatefulSet present) {
        return present == null ? "" : template(present.getSpec().getTemplate());
    }

    /** Returns sets of observers that cannot be carried out. */
    List<Complaint> refusedObservers() {
        return List.copyOf(refusedObservers);
    }

    /** Returns why the specification cannot be carried out; absent when it can. */
    @Nullable
    String refusal() {
        return refusal;
    }

    private static @Nullable Integer firstId(@Nullable LockObservers wanted, @Nullable StatefulSet set) {
        if (wanted != null && wanted.getStatus() != null && wanted.getStatus().firstId() != null) {
            return wanted.getStatus().firstId();
        }
        return set == null || set.getSpec().getOrdinals() == null
                ? null
                : set.getSpec().getOrdinals().getStart();
    }

    private static Look.StatefulSet set(StatefulSet set) {
        Integer replicas = set.getSpec().getReplicas();
        return new Look.StatefulSet(
                PodReading.version(set.getMetadata()),
                replicas == null ? 1 : replicas,
                "true".equals(PodReading.text(set.getMetadata().getAnnotations(), Labels.LEAVING)),
                template(set.getSpec().getTemplate()),
                VoterSet.restores(
                        set.getSpec().getTemplate() == null
                                ? null
                                : set.getSpec().getTemplate().getSpec()));
    }

    private static String template(@Nullable PodTemplateSpec template) {
        return template == null || template.getMetadata() == null
                ? ""
                : PodReading.text(template.getMetadata().getAnnotations(), Labels.TEMPLATE);
    }

    private static Look.Claim claim(PersistentVolumeClaim claim) {
        Map<String, String> labels = claim.getMetadata().getLabels();
        String generation = PodReading.text(labels, Labels.GENERATION);
        String phase = claim.getStatus() == null || claim.getStatus().getPhase() == null
                ? "Pending"
                : claim.getStatus().getPhase();
        var resources = claim.getSpec().getResources();
        Quantity storage = resources == null || resources.getRequests() == null
                ? null
                : resources.getRequests().get("storage");
        return new Look.Claim(
                PodReading.version(claim.getMetadata()),
                switch (phase) {
                    case "Bound" -> Look.ClaimPhase.BOUND;
                    case "Lost" -> Look.ClaimPhase.LOST;
                    default -> Look.ClaimPhase.PENDING;
                },
                claim.getMetadata().getDeletionTimestamp() != null,
                storage == null ? 0 : Quantity.getAmountInBytes(storage).longValue(),
                number(generation),
                PodReading.text(labels, Labels.CLUSTER_UID),
                switch (PodReading.text(labels, Labels.MARK)) {
                    case Blueprint.MARK_REMOVED -> Look.Mark.REMOVED;
                    case Blueprint.MARK_BEFORE -> Look.Mark.BEFORE;
                    default -> Look.Mark.NONE;
                });
    }

    private Look.Pod pod(Pod pod, int id) {
        return PodReading.of(
                pod,
                again.get(pod.getMetadata().getName()),
                PodReading.text(pod.getMetadata().getAnnotations(), Labels.TEMPLATE),
                answers.getOrDefault(id, new Answer.None<>("it has no address")),
                now);
    }
}

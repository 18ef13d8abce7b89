package io.holdfast.operator.act;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps with which an admin brings an ensemble back that lost its quorum for ever. What a volume has is found out
 * by a Job, whose last word is in its pod's termination message: it stays there until it is in the status.
 */
final class RecoveryActs {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private final Writes writes;
    private final LiveObjects live;
    private final VoterActs voters;

    RecoveryActs(Writes writes, LiveObjects live, VoterActs voters) {
        this.writes = writes;
        this.live = live;
        this.voters = voters;
    }

    /** What an earlier attempt found is of no use, since the voters may have run meanwhile. */
    Outcome stop(Site site, List<Look.Version> sets) {
        Outcome outcome = site.record().write(status -> status.remove("recovery"));
        for (Job job : live.list(Job.class, site.namespace(), RecoveryJob.labels(site.cluster()))) {
            if (outcome.goesOn() && site.blueprint().isOurs(job)) {
                outcome = outcome.then(writes.delete(Job.class, site.namespace(), Site.version(job)));
            }
        }
        for (Look.Version set : sets) {
            if (outcome.goesOn()) {
                outcome = outcome.then(voters.scale(site, set, 0));
            }
        }
        return outcome;
    }

    Outcome examine(Site site, Action.ExamineVolume action) {
        return run(site, action.id(), null, said -> examined(site, action.id(), said));
    }

    Outcome confirm(Site site, Action.ConfirmRecovery action) {
        return run(site, action.id(), action.code(), said -> recovered(site, action, said));
    }

    /**
     * Marks first: a voter of before is never started again, also if this is interrupted. The claim of the one that
     * goes on is of the new generation: by its label of before it would be taken for lost.
     */
    Outcome begin(Site site, Action.BeginGeneration action) {
        Outcome outcome = Outcome.NOTHING;
        for (Look.Voter voter : action.leaving()) {
            Look.Claim claim = voter.claim();
            Look.StatefulSet set = voter.set();
            if (outcome.goesOn() && claim != null && claim.mark() != Look.Mark.BEFORE) {
                outcome = outcome.then(voters.markClaim(site, claim.version(), Blueprint.MARK_BEFORE));
            }
            if (outcome.goesOn() && set != null && !set.leaving()) {
                outcome = outcome.then(voters.markSet(site, set.version()));
            }
        }
        PersistentVolumeClaim own = site.sight().objects().claims().get(action.id());
        String generation = Long.toString(action.generation());
        if (outcome.goesOn()
                && own != null
                && !generation.equals(own.getMetadata().getLabels().get(Labels.GENERATION))) {
            outcome = outcome.then(voters.labelClaim(site, Site.version(own), Labels.GENERATION, generation));
        }
        return outcome.goesOn()
                ? outcome.then(site.record().write(status -> status.put("generation", action.generation())))
                : outcome;
    }

    /** What is done with the last word of a Job. */
    @FunctionalInterface
    private interface Said {
        Outcome record(JsonNode said);
    }

    private Outcome run(Site site, int id, @Nullable String code, Said then) {
        String name = RecoveryJob.name(site.cluster(), id, code);
        Optional<Job> job = live.get(Job.class, site.namespace(), name);
        if (job.isEmpty()) {
            return writes.create(
                    RecoveryJob.of(site.cluster(), id, code),
                    present -> site.blueprint().isOurs(present));
        }
        if (!site.blueprint().isOurs(job.get())) {
            return Outcome.blocked("Job " + name + " exists and is not this cluster's: rename or delete it");
        }
        if (!isOver(job.get())) {
            return Outcome.waits("Job " + name + " runs");
        }
        if (code != null && !isOf(job.get(), code)) {
            return writes.delete(Job.class, site.namespace(), Site.version(job.get()));
        }
        JsonNode said = lastWord(site, job.get());
        Outcome outcome = then.record(said);
        if (outcome.goesOn()) {
            outcome = outcome.then(writes.delete(Job.class, site.namespace(), Site.version(job.get())));
        }
        return outcome.goesOn() && code != null && generation(said) == 0
                ? Outcome.blocked("the volume of voter " + id + " was not recovered: "
                        + said.path("message").asText() + "; it is examined again")
                : outcome;
    }

    private static boolean isOver(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> "True".equals(condition.getStatus())
                                && List.of("Complete", "Failed").contains(condition.getType()));
    }

    private static boolean isOf(Job job, String code) {
        return job.getSpec().getTemplate().getSpec().getContainers().stream()
                .anyMatch(container -> container.getArgs().contains(code));
    }

    /** A pod of an earlier Job of that name may still be there: only one that this Job made counts. */
    private JsonNode lastWord(Site site, Job job) {
        String name = job.getMetadata().getName();
        return live.list(Pod.class, site.namespace(), Map.of(JOB_NAME, name)).stream()
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> job.getMetadata().getUid().equals(owner.getUid())))
                .filter(pod -> pod.getStatus() != null)
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getTerminated() != null)
                .map(state -> state.getTerminated().getMessage())
                .filter(Objects::nonNull)
                .findFirst()
                .map(RecoveryActs::parsed)
                .orElseGet(() -> failed("its pod is gone, or left no message"));
    }

    private static JsonNode parsed(String message) {
        String last = message.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
        try {
            JsonNode said = JSON.readTree(last);
            return said != null && said.isObject() ? said : failed(last);
        } catch (JsonProcessingException e) {
            return failed(last);
        }
    }

    private static JsonNode failed(String message) {
        return JsonNodeFactory.instance.objectNode().put("outcome", "failed").put("message", message);
    }

    private static Outcome examined(Site site, int id, JsonNode said) {
        return site.record().write(status -> {
            ObjectNode volume = others(status, id).addObject().put("member", id);
            if (said.path("outcome").asText().equals("examined")) {
                volume.put("lastLogged", Texts.line(said.path("lastLogged").asText()));
                volume.put("code", Texts.line(said.path("code").asText()));
            } else {
                volume.put("message", Texts.line(said.path("message").asText()));
            }
        });
    }

    /** Leaves in the status what is known of the volumes of others, and returns it. */
    private static ArrayNode others(ObjectNode status, int id) {
        JsonNode before = status.path("recovery").deepCopy();
        ArrayNode volumes = status.putArray("recovery");
        before.forEach(volume -> {
            if (volume.path("member").asInt() != id) {
                volumes.add(volume);
            }
        });
        return volumes;
    }

    /** What is known of a volume that was not recovered may not be so any more. */
    private static Outcome recovered(Site site, Action.ConfirmRecovery action, JsonNode said) {
        long generation = generation(said);
        return site.record().write(status -> {
            if (generation == 0) {
                others(status, action.id());
            } else {
                status.putObject("recovered")
                        .put("member", action.id())
                        .put("code", action.code())
                        .put("generation", generation);
            }
        });
    }

    /** Returns the generation that a recovery began; 0 when it began none. */
    private static long generation(JsonNode said) {
        return said.path("outcome").asText().equals("recovered")
                ? Math.max(0, said.path("generation").asLong())
                : 0;
    }
}

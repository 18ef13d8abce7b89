package io.holdfast.operator.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes to objects that were seen, on the condition that they are as they were seen: another version of the object, or
 * another object of that name, answers 409. Any thread.
 */
final class Writes {

    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);

    private final KubernetesClient client;

    Writes(KubernetesClient client) {
        this.client = client;
    }

    /** Replaces the status of an object; returns the object as it is then. */
    <S, T extends CustomResource<?, S>> T status(T seen, S status) {
        ArrayNode patch = patch(seen.getMetadata().getResourceVersion());
        add(patch, "/status", status);
        return client.resource(seen).subresource("status").patch(JSON, patch.toString());
    }

    /** Sets annotations, and all finalizers, of an object. */
    <T extends HasMetadata> T metadata(T seen, Map<String, String> annotations, List<String> finalizers) {
        ArrayNode patch = patch(seen.getMetadata().getResourceVersion());
        if (!annotations.isEmpty()) {
            Map<String, String> all =
                    new TreeMap<>(Objects.requireNonNullElse(seen.getMetadata().getAnnotations(), Map.of()));
            all.putAll(annotations);
            add(patch, "/metadata/annotations", all);
        }
        add(patch, "/metadata/finalizers", finalizers);
        return client.resource(seen).patch(JSON, patch.toString());
    }

    /** Has Kubernetes delete a job so many seconds after its end. */
    void forget(String namespace, JobLook job, int seconds) {
        ArrayNode patch = patch(job.resourceVersion());
        add(patch, "/spec/ttlSecondsAfterFinished", seconds);
        client.resources(Job.class).inNamespace(namespace).withName(job.name()).patch(JSON, patch.toString());
    }

    /** Deletes an object. */
    void delete(HasMetadata seen) {
        client.resource(seen)
                .lockResourceVersion(seen.getMetadata().getResourceVersion())
                .delete();
    }

    /** A patch that names the version is refused when there is another one. */
    private ArrayNode patch(String resourceVersion) {
        ArrayNode patch = client.getKubernetesSerialization().convertValue(List.of(), ArrayNode.class);
        add(patch, "/metadata/resourceVersion", resourceVersion);
        return patch;
    }

    private void add(ArrayNode patch, String path, Object value) {
        JsonNode json = client.getKubernetesSerialization().convertValue(value, JsonNode.class);
        patch.addObject().put("op", "add").put("path", path).set("value", json);
    }
}

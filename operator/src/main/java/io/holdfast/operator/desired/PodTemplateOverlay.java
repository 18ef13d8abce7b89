package io.holdfast.operator.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.holdfast.operator.backup.Restores;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster may add to its pods, merged over what the operator renders. Identity, settings and what the planner
 * relies on cannot be changed by it: that is refused, with the field that is meant for it.
 */
final class PodTemplateOverlay {

    private static final String FIELD = "spec.podTemplate";

    /** Fields of the pod that the operator relies on. */
    private static final Map<String, String> OF_POD = Map.of(
            "hostname", "the pod's name is its address",
            "subdomain", "the pod's name is its address",
            "setHostnameAsFQDN", "the pod's name is its address",
            "hostNetwork", "two members of a host would have one address",
            "nodeName", "use nodeSelector or affinity",
            "restartPolicy", "a server that ends is started again",
            "enableServiceLinks", "links become variables that the server takes for settings",
            "imagePullSecrets", "use spec.imagePullSecrets");

    /** Fields of the server's container that the operator sets. */
    private static final Map<String, String> OF_SERVER = Map.of(
            "image", "use spec.image",
            "imagePullPolicy", "use spec.imagePullPolicy",
            "resources", "use spec.resources",
            "command", "the image has its own",
            "args", "the image has its own",
            "envFrom", "use env",
            "ports", "they are 7100 and 7101",
            "readinessProbe", "changes go on when pods are ready",
            "terminationMessagePath", "the operator reads it",
            "terminationMessagePolicy", "the operator reads it");

    private static final Set<String> OWN_VOLUMES =
            Set.of(MemberPod.DATA, MemberPod.TMP, InitialRestore.SCRATCH, InitialRestore.BACKUP);
    private static final Set<String> OWN_PATHS = Set.of(VoterClaim.MOUNTED_AT, "/tmp");
    private static final Set<String> OWN_VARIABLES = Set.of("JDK_JAVA_OPTIONS", "QUARKUS_HTTP_PORT", "POD_NAME");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads strictly: the model itself keeps what it does not know. */
    private static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new NoAnySetter());

    private PodTemplateOverlay() {}

    /**
     * Returns a template with a part merged over it.
     *
     * @param part of a cluster or of observers, null when they give none
     * @throws SpecRefusedException naming what cannot be changed or is no part of a pod template
     */
    static PodTemplateSpec over(PodTemplateSpec template, @Nullable ObjectNode part) {
        if (part == null || part.isEmpty()) {
            return template;
        }
        check(part);
        ObjectNode whole = JSON.valueToTree(template);
        StrategicMerge.merge(whole, part, FIELD);
        return read(whole);
    }

    private static PodTemplateSpec read(ObjectNode whole) {
        try {
            return STRICT.treeToValue(whole, PodTemplateSpec.class);
        } catch (JsonMappingException e) {
            var path = e.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                    .collect(Collectors.joining());
            throw new SpecRefusedException(FIELD + path, "a pod template has no such field, or no such value there");
        } catch (JsonProcessingException e) {
            throw new SpecRefusedException(FIELD, "it is no pod template");
        }
    }

    private static void check(ObjectNode part) {
        only(part, FIELD, Set.of("metadata", "spec"));
        present(part, FIELD, Set.of("metadata", "spec"));
        var metadata = part.path("metadata");
        present(metadata, FIELD + ".metadata", Set.of("labels", "annotations"));
        only(metadata, FIELD + ".metadata", Set.of("labels", "annotations"));
        for (var kind : Set.of("labels", "annotations")) {
            metadata.path(kind).fieldNames().forEachRemaining(name -> {
                if (name.startsWith(Labels.OWN_PREFIX)
                        || (kind.equals("labels") && name.startsWith(Labels.RECOMMENDED_PREFIX))) {
                    throw new SpecRefusedException(FIELD + ".metadata." + kind, name + " is the operator's: remove it");
                }
            });
        }
        var spec = part.path("spec");
        refuse(spec, FIELD + ".spec", OF_POD);
        present(spec, FIELD + ".spec", Set.of("containers", "volumes"));
        var grace = spec.get("terminationGracePeriodSeconds");
        if (grace != null && grace.asLong() < MemberPod.GRACE_SECONDS) {
            throw new SpecRefusedException(
                    FIELD + ".spec.terminationGracePeriodSeconds",
                    "a leader hands over in that time: use " + MemberPod.GRACE_SECONDS + " at least");
        }
        for (var volume : spec.path("volumes")) {
            refuseName(volume, "name", OWN_VOLUMES, FIELD + ".spec.volumes");
        }
        for (var container : spec.path("initContainers")) {
            refuseName(container, "name", Set.of(Restores.CONTAINER), FIELD + ".spec.initContainers");
        }
        for (var container : spec.path("containers")) {
            if (MemberPod.CONTAINER.equals(container.path("name").asText())) {
                checkServer(container, FIELD + ".spec.containers[" + MemberPod.CONTAINER + "]");
            }
        }
    }

    private static void checkServer(JsonNode container, String path) {
        refuse(container, path, OF_SERVER);
        present(container, path, Set.of("env", "volumeMounts"));
        for (var variable : container.path("env")) {
            if (variable.path("name").asText().startsWith("HOLDFAST_")) {
                throw new SpecRefusedException(
                        path + ".env", variable.path("name").asText() + " is a setting: use spec.config");
            }
            refuseName(variable, "name", OWN_VARIABLES, path + ".env");
        }
        for (var mount : container.path("volumeMounts")) {
            refuseName(mount, "mountPath", OWN_PATHS, path + ".volumeMounts");
        }
    }

    private static void only(JsonNode part, String path, Set<String> allowed) {
        part.fieldNames().forEachRemaining(name -> {
            if (!allowed.contains(name)) {
                throw new SpecRefusedException(
                        path + "." + name, "only " + allowed.stream().sorted().toList() + " are merged: remove it");
            }
        });
    }

    /** With null all that the operator renders there would be removed. */
    private static void present(JsonNode part, String path, Set<String> fields) {
        part.properties().forEach(field -> {
            if (fields.contains(field.getKey()) && field.getValue().isNull()) {
                throw new SpecRefusedException(path + "." + field.getKey(), "the operator needs it: remove the null");
            }
        });
    }

    private static void refuse(JsonNode part, String path, Map<String, String> fields) {
        part.fieldNames().forEachRemaining(name -> {
            if (fields.containsKey(name)) {
                throw new SpecRefusedException(path + "." + name, "remove it, " + fields.get(name));
            }
        });
    }

    private static void refuseName(JsonNode item, String field, Set<String> own, String path) {
        if (own.contains(item.path(field).asText())) {
            throw new SpecRefusedException(
                    path, item.path(field).asText() + " is the operator's own: use another " + field);
        }
    }

    private static final class NoAnySetter extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated method) {
            return false;
        }
    }
}

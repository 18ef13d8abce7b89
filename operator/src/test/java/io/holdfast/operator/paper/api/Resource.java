package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kind that the API server serves.
 *
 * @param group empty for the core group
 * @param status whether there is a status subresource
 * @param scale where the scale subresource reads and writes, or null when there is none
 * @param generation whether changes of the spec are counted
 * @param schema of a custom resource, or null
 */
record Resource(
        String group,
        String version,
        String plural,
        String kind,
        boolean namespaced,
        boolean status,
        @Nullable Scale scale,
        boolean generation,
        @Nullable JsonNode schema) {

    /** JSON pointers into an object. */
    record Scale(String replicas, String statusReplicas, String selector) {}

    private static final Scale OF_SETS = new Scale("/spec/replicas", "/status/replicas", "");

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The name of all versions, as {@code statefulsets.apps}. */
    String name() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    boolean is(String resource) {
        return name().equals(resource);
    }

    /** What an API server has before a definition is added, by {@link #name}. */
    static Map<String, Resource> builtIn() {
        var all = new TreeMap<String, Resource>();
        Stream.of(
                        core("namespaces", "Namespace", false, true),
                        core("nodes", "Node", false, true),
                        core("pods", "Pod", true, true),
                        core("bindings", "Binding", true, false),
                        core("services", "Service", true, true),
                        core("configmaps", "ConfigMap", true, false),
                        core("secrets", "Secret", true, false),
                        core("serviceaccounts", "ServiceAccount", true, false),
                        core("persistentvolumeclaims", "PersistentVolumeClaim", true, true),
                        core("events", "Event", true, false),
                        of("apps/v1", "statefulsets", "StatefulSet", true, OF_SETS),
                        of("apps/v1", "deployments", "Deployment", true, OF_SETS),
                        of("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", true, null),
                        of("batch/v1", "jobs", "Job", true, null),
                        of("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", false, null),
                        of("coordination.k8s.io/v1", "leases", "Lease", false, null),
                        of("events.k8s.io/v1", "events", "Event", false, null),
                        webhooks(),
                        of("rbac.authorization.k8s.io/v1", "roles", "Role", false, null),
                        of("rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", false, null),
                        definitions())
                .forEach(resource -> all.put(resource.name(), resource));
        return all;
    }

    /** The kind that a CustomResourceDefinition defines, in the version that it stores. */
    static Resource of(JsonNode definition) {
        var spec = definition.path("spec");
        var version = stream(spec.path("versions"))
                .filter(each -> each.path("storage").asBoolean())
                .findFirst()
                .orElseThrow(() -> ApiException.invalid("spec.versions: none is stored"));
        var scale = version.path("subresources").path("scale");
        return new Resource(
                spec.path("group").asText(),
                version.path("name").asText(),
                spec.path("names").path("plural").asText(),
                spec.path("names").path("kind").asText(),
                spec.path("scope").asText().equals("Namespaced"),
                version.path("subresources").has("status"),
                scale.isMissingNode()
                        ? null
                        : new Scale(
                                pointer(scale.path("specReplicasPath")),
                                pointer(scale.path("statusReplicasPath")),
                                pointer(scale.path("labelSelectorPath"))),
                true,
                version.path("schema").path("openAPIV3Schema"));
    }

    private static String pointer(JsonNode path) {
        return path.asText().replace('.', '/');
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
    }

    private static Resource core(String plural, String kind, boolean namespaced, boolean status) {
        return new Resource("", "v1", plural, kind, namespaced, status, null, false, null);
    }

    private static Resource of(String version, String plural, String kind, boolean status, @Nullable Scale scale) {
        var parts = List.of(version.split("/", 2));
        return new Resource(parts.get(0), parts.get(1), plural, kind, true, status, scale, status, null);
    }

    private static Resource webhooks() {
        return new Resource(
                "admissionregistration.k8s.io",
                "v1",
                "mutatingwebhookconfigurations",
                "MutatingWebhookConfiguration",
                false,
                false,
                null,
                true,
                null);
    }

    private static Resource definitions() {
        return new Resource(
                "apiextensions.k8s.io",
                "v1",
                "customresourcedefinitions",
                "CustomResourceDefinition",
                false,
                true,
                null,
                true,
                null);
    }
}

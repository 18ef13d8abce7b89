package io.holdfast.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.holdfast.sidecar.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of k8s/sidecar: that they parse, and say what the guide promises. */
class ManifestsTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path SIDECAR = GuideTest.root().resolve("k8s/sidecar");

    private static List<JsonNode> documents(String file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(SIDECAR.resolve(file).toFile())) {
            documents.forEachRemaining(all::add);
        }
        return all;
    }

    private static JsonNode one(String file, String kind) throws IOException {
        return documents(file).stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode element : list) {
            if (element.path("name").asText().equals(name)) {
                return element;
            }
        }
        throw new AssertionError("there is no " + name + " in " + list);
    }

    @Test
    void everyFileParsesAndEveryDocumentHasAKindAndAVersion() throws IOException {
        try (Stream<Path> files = Files.walk(SIDECAR)) {
            List<Path> manifests =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertTrue(manifests.size() >= 9, manifests.toString());
            for (Path file : manifests) {
                for (JsonNode document : documents(SIDECAR.relativize(file).toString())) {
                    assertFalse(document.path("kind").asText().isEmpty(), file.toString());
                    assertFalse(document.path("apiVersion").asText().isEmpty(), file.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "plain"})
    void theSettingsOfASidecarCanBeUsed(String variant) throws IOException {
        JsonNode pod = one(variant + "/deployment.yaml", "Deployment").at("/spec/template/spec");
        JsonNode sidecar = named(pod.path(variant.equals("native") ? "initContainers" : "containers"), "holdfast");
        Map<String, String> variables = new HashMap<>();
        Map<String, String> pods = Map.of(
                "metadata.name",
                "web-0",
                "metadata.namespace",
                "shop",
                "metadata.uid",
                "1f3a",
                "status.podIP",
                "10.0.0.7");
        for (JsonNode variable : sidecar.path("env")) {
            String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
            String value = field.isEmpty() ? variable.path("value").asText() : pods.get(field);
            variables.put(variable.path("name").asText(), value);
        }
        variables.put("KUBERNETES_SERVICE_HOST", "10.96.0.1");
        Settings settings = Settings.read(variables, "host");
        assertEquals(List.of(), List.copyOf(Settings.unknown(variables)));
        assertEquals("web-0", settings.candidate());
        assertEquals("1f3a/holdfast", settings.session());
        JsonNode labels = one(variant + "/deployment.yaml", "Deployment").at("/spec/template/metadata/labels");
        assertEquals(
                settings.session(),
                "1f3a/" + labels.path("holdfast.dev/session").asText(),
                "as its label says");
        assertTrue(settings.kubernetes().isUsed());
        long grace = pod.path("terminationGracePeriodSeconds").asLong();
        assertEquals(settings.drain().toSeconds() + 5, grace, "the drain and 5 s");
        assertEquals("leader-example", pod.path("serviceAccountName").asText());
        assertEquals(7181, sidecar.at("/ports/0/containerPort").asInt());
        assertEquals("/livez", sidecar.at("/livenessProbe/httpGet/path").asText());
        assertTrue(sidecar.path("readinessProbe").isMissingNode(), "readiness is not leadership");
        assertTrue(sidecar.at("/securityContext/readOnlyRootFilesystem").asBoolean());
        assertEquals("96Mi", sidecar.at("/resources/limits/memory").asText());
    }

    @Test
    void aNativeSidecarStartsBeforeTheApplicationAndIsToldEarly() throws IOException {
        JsonNode pod = one("native/deployment.yaml", "Deployment").at("/spec/template/spec");
        JsonNode sidecar = named(pod.path("initContainers"), "holdfast");
        assertEquals("Always", sidecar.path("restartPolicy").asText());
        assertEquals("/readyz", sidecar.at("/startupProbe/httpGet/path").asText());
        assertEquals("/drain", sidecar.at("/lifecycle/preStop/httpGet/path").asText());
        JsonNode plain = one("plain/deployment.yaml", "Deployment").at("/spec/template/spec");
        assertTrue(named(plain.path("containers"), "holdfast").path("lifecycle").isMissingNode());
        assertTrue(plain.path("initContainers").isMissingNode());
    }

    @Test
    void theServiceAccountMayPatchPodsAndThePolicyNarrowsThatToTheLabel() throws IOException {
        JsonNode rules = one("base/rbac.yaml", "Role").path("rules");
        assertEquals(1, rules.size());
        assertEquals("[\"pods\"]", rules.at("/0/resources").toString());
        assertEquals("[\"patch\"]", rules.at("/0/verbs").toString());
        JsonNode policy = one("base/admission-policy.yaml", "ValidatingAdmissionPolicy");
        assertEquals("Fail", policy.at("/spec/failurePolicy").asText());
        JsonNode pods = policy.at("/spec/matchConstraints/resourceRules/0");
        assertEquals("[\"UPDATE\"]", pods.path("operations").toString());
        assertEquals("[\"pods\"]", pods.path("resources").toString());
        String expressions = policy.path("spec").toString();
        for (String part : List.of(
                "object.spec == oldObject.spec",
                "key == 'holdfast.dev/leader'",
                "uid == object.metadata.uid",
                "':leader-example'")) {
            assertTrue(expressions.contains(part), part);
        }
        JsonNode binding = one("base/admission-policy.yaml", "ValidatingAdmissionPolicyBinding");
        assertEquals(policy.at("/metadata/name"), binding.at("/spec/policyName"));
        assertEquals("[\"Deny\"]", binding.at("/spec/validationActions").toString());
    }

    @Test
    void trafficGoesToTheLabelOrToTheSliceThatNoControllerFills() throws IOException {
        JsonNode labelled = one("base/service.yaml", "Service").at("/spec/selector");
        assertEquals("true", labelled.path("holdfast.dev/leader").asText());
        assertEquals(
                one("native/deployment.yaml", "Deployment").at("/spec/template/metadata/labels/app"),
                labelled.path("app"));
        JsonNode service = one("slice/endpoint-slice.yaml", "Service");
        JsonNode slice = one("slice/endpoint-slice.yaml", "EndpointSlice");
        assertTrue(service.at("/spec/selector").isMissingNode());
        assertEquals(service.at("/metadata/name"), slice.at("/metadata/labels").path("kubernetes.io/service-name"));
        assertEquals(service.at("/spec/ports/0/targetPort"), slice.at("/ports/0/port"));
        String patches =
                one("slice/kustomization.yaml", "Kustomization").path("patches").toString();
        assertTrue(patches.contains("HOLDFAST_ENDPOINT_SLICE, value: leader-example-leader"));
        assertTrue(patches.contains("verbs: [\\\"get\\\", \\\"patch\\\"]"), patches);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "plain", "slice"})
    void kustomizePutsTheManifestsTogether(String directory) throws Exception {
        if (Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .noneMatch(path -> Files.isExecutable(Path.of(path, "kubectl")))) {
            // The files are checked above; that they fit together needs the tool.
            return;
        }
        Process kubectl = new ProcessBuilder(
                        "kubectl", "kustomize", SIDECAR.resolve(directory).toString())
                .redirectErrorStream(true)
                .start();
        String built = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, kubectl.waitFor(), built);
        List<String> kinds = new ArrayList<>();
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(built)) {
            all.forEachRemaining(document -> kinds.add(document.path("kind").asText()));
        }
        assertTrue(
                kinds.containsAll(List.of("Deployment", "Role", "RoleBinding", "ServiceAccount", "ConfigMap")), built);
        assertEquals(directory.equals("slice"), kinds.contains("EndpointSlice"));
        assertEquals(directory.equals("slice"), built.contains("value: leader-example-leader"));
    }
}

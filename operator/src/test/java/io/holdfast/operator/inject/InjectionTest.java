package io.holdfast.operator.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import io.holdfast.operator.manifests.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of pods that ask for a sidecar. */
class InjectionTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final String POD = """
            metadata:
              generateName: settlement-
              annotations: {holdfast.dev/elect: payments/settlement}
            spec:
              containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]
            """;

    private final Injection injection = new Injection("holdfast-sidecar:0.1.0", namespace -> List.of("orders"));

    private static ObjectNode pod(String yaml) throws IOException {
        return (ObjectNode) YAML.readTree(yaml);
    }

    private static JsonNode annotated(String key, String value) throws IOException {
        ObjectNode pod = pod(POD);
        ((ObjectNode) pod.at("/metadata/annotations")).put(key, value);
        return pod;
    }

    private static String variable(JsonNode container, String name) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    private JsonNode injected(JsonNode pod) {
        Injection.Decision decision = injection.decide(pod, "shop");
        assertTrue(decision.injected(), decision.warnings().toString());
        return JsonPatch.apply(decision.patch(), pod);
    }

    @Test
    void aPodThatAsksGetsTheSidecarFirstAndIsMarked() throws IOException {
        ObjectNode before = pod(POD);
        ((ObjectNode) before.path("spec"))
                .putArray("initContainers")
                .addObject()
                .put("name", "migrate");
        JsonNode after = injected(before);
        assertEquals("holdfast", after.at("/spec/initContainers/0/name").asText());
        assertEquals("Always", after.at("/spec/initContainers/0/restartPolicy").asText());
        assertEquals("migrate", after.at("/spec/initContainers/1/name").asText());
        assertEquals(before.at("/spec/containers"), after.at("/spec/containers"));
        assertEquals(
                "holdfast",
                after.at("/metadata/labels").path("holdfast.dev/session").asText());
        assertEquals(
                "shop/orders",
                after.at("/metadata/annotations").path("holdfast.dev/cluster").asText());
        JsonNode sidecar = after.at("/spec/initContainers/0");
        assertEquals("http://orders-rw.shop.svc:7100", variable(sidecar, "HOLDFAST_ENDPOINTS"));
        assertEquals("payments/settlement", variable(sidecar, "HOLDFAST_ELECTION"));
        assertEquals("25s", variable(sidecar, "HOLDFAST_DRAIN"), "the pod's 30 s less 5");
    }

    @Test
    void twiceIsAsOnce() throws IOException {
        JsonNode once = injected(pod(POD));
        Injection.Decision again = injection.decide(once, "shop");
        assertTrue(again.patch().isEmpty());
        assertEquals(List.of(), again.warnings());
    }

    @Test
    void aPodThatDoesNotAskStaysAsItIs() throws IOException {
        Injection.Decision decision = injection.decide(pod("spec: {containers: [{name: web}]}"), "shop");
        assertTrue(decision.patch().isEmpty());
        assertFalse(decision.injected());
        assertEquals(List.of(), decision.warnings());
    }

    @Test
    void theSidecarIsThatOfTheManifests() throws IOException {
        JsonNode manifest = Repository.documents(Repository.file("k8s/sidecar/native/deployment.yaml"))
                .get(0)
                .at("/spec/template/spec/initContainers/0");
        JsonNode made = injected(pod(POD)).at("/spec/initContainers/0");
        for (String part : List.of("name", "image", "restartPolicy", "resources")) {
            assertEquals(manifest.path(part), made.path(part), part);
        }
        ObjectMapper json = new ObjectMapper();
        for (String part : List.of("startupProbe", "livenessProbe", "lifecycle")) {
            JsonNode named = json.readTree(manifest.path(part).toString().replace("\"probes\"", "7181"));
            assertEquals(named, made.path(part), part);
        }
        manifest.path("securityContext")
                .properties()
                .forEach(entry -> assertEquals(
                        entry.getValue(), made.path("securityContext").path(entry.getKey())));
        assertEquals(fields(manifest), fields(made));
    }

    private static TreeMap<String, String> fields(JsonNode container) {
        TreeMap<String, String> fields = new TreeMap<>();
        for (JsonNode variable : container.path("env")) {
            if (variable.has("valueFrom")) {
                fields.put(
                        variable.path("name").asText(),
                        variable.at("/valueFrom/fieldRef/fieldPath").asText());
            }
        }
        return fields;
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.dev/ttl, 20s, HOLDFAST_TTL",
        "holdfast.dev/drain, 10s, HOLDFAST_DRAIN",
        "holdfast.dev/pod-label, self, HOLDFAST_POD_LABEL",
        "holdfast.dev/eligible-url, http://localhost:8080/ready, HOLDFAST_ELIGIBLE_URL",
        "holdfast.dev/on-stop, http://localhost:8080/stop, HOLDFAST_ON_STOP",
        "holdfast.dev/on-elected, signal:USR1:web, HOLDFAST_ON_ELECTED",
    })
    void annotationsAreSettings(String annotation, String value, String variable) throws IOException {
        assertEquals(value, variable(injected(annotated(annotation, value)).at("/spec/initContainers/0"), variable));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holdfast.dev/elect | a//b | holdfast.dev/elect: a lock name has no empty segment",
                "holdfast.dev/ttl | soon | holdfast.dev/ttl: set it to a duration from 1s to 1h, not to \"soon\"",
                "holdfast.dev/ttl | 500ms | holdfast.dev/ttl: set it to",
                "holdfast.dev/drain | 2h | holdfast.dev/drain: set it to a duration from 0s to 1h",
                "holdfast.dev/pod-label | yes | holdfast.dev/pod-label: set it to off, self or takeover",
                "holdfast.dev/eligible-url | localhost | holdfast.dev/eligible-url: set it to a URL",
                "holdfast.dev/on-stop | /stop.sh | holdfast.dev/on-stop: set it to http://",
                "holdfast.dev/cluster | orders | holdfast.dev/cluster: set it to namespace/name of a LockCluster",
                "holdfast.dev/cluster | shop/../x | holdfast.dev/cluster: set it to",
            })
    void whatCannotBeIsSaidAndNothingIsInjected(String annotation, String value, String said) throws IOException {
        Injection.Decision decision = injection.decide(annotated(annotation, value), "shop");
        assertFalse(decision.injected());
        assertTrue(decision.patch().isEmpty());
        String warning = decision.warnings().get(0);
        assertTrue(warning.startsWith("holdfast: the pod gets no sidecar: " + said), warning);
        assertTrue(warning.length() <= 256, warning);
    }

    @Test
    void aMisspelledAnnotationAndALongDrainAreRemarked() throws IOException {
        ObjectNode pod = (ObjectNode) annotated("holdfast.dev/drian", "10s");
        ((ObjectNode) pod.at("/metadata/annotations")).put("holdfast.dev/drain", "40s");
        Injection.Decision decision = injection.decide(pod, "shop");
        assertTrue(decision.injected());
        assertEquals(2, decision.warnings().size(), decision.warnings().toString());
        assertTrue(decision.warnings().get(0).contains("holdfast.dev/drian is ignored"));
        assertTrue(decision.warnings().get(1).contains("longer than terminationGracePeriodSeconds"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostNetwork | true | hostNetwork is true",
                "os | {name: windows} | spec.os.name is windows",
                "containers | [{name: web, ports: [{containerPort: 7181}]}] | its container \"web\" has port 7181",
            })
    void aPodThatCannotHaveItIsSaid(String field, String value, String said) throws IOException {
        ObjectNode pod = pod(POD);
        ((ObjectNode) pod.path("spec")).set(field, YAML.readTree(value));
        Injection.Decision decision = injection.decide(pod, "shop");
        assertFalse(decision.injected());
        assertTrue(
                decision.warnings().get(0).contains(said), decision.warnings().toString());
    }

    @Test
    void theClusterIsTheOnlyOneOfTheNamespaceOrTheNamedOne() throws IOException {
        List<String> asked = new ArrayList<>();
        Injection two = new Injection("s", namespace -> {
            asked.add(namespace);
            return List.of("a", "b");
        });
        assertTrue(two.decide(pod(POD), "shop").warnings().get(0).contains("namespace shop has several LockClusters"));
        assertTrue(
                two.decide(annotated("holdfast.dev/cluster", "other/c"), "shop").injected());
        assertEquals(List.of("shop"), asked, "a named one is not asked for");
        Injection none = new Injection("s", namespace -> List.of());
        assertTrue(none.decide(pod(POD), "shop").warnings().get(0).contains("has no LockCluster: set"));
        Injection unreadable = new Injection("s", namespace -> {
            throw new IllegalStateException("timeout");
        });
        assertTrue(unreadable.decide(pod(POD), "shop").warnings().get(0).contains("could not be read"));
    }

    @Test
    void aReferenceInAnAnnotationIsText() throws IOException {
        JsonNode made = injected(annotated("holdfast.dev/on-stop", "exec:/stop $(POD_IP) $$(POD_IP) $HOME"));
        assertEquals(
                "exec:/stop $$(POD_IP) $$$$(POD_IP) $$HOME",
                variable(made.at("/spec/initContainers/0"), "HOLDFAST_ON_STOP"));
    }
}

package io.holdfast.operator.crd.v1alpha1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the API server takes and what it refuses, by the schemas and by every rule. */
class KindsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode cases;
    private static Admission admission;

    @BeforeAll
    static void read() throws IOException {
        try (var table = KindsTest.class.getResourceAsStream("/kinds/cases.yaml")) {
            cases = Definitions.YAML.readTree(table);
        }
        admission = new Admission();
    }

    @Test
    void everySpecOfTheTableIsTakenOrRefusedWithAMessageThatSaysWhy() {
        var findings = new ArrayList<String>();
        for (var line : cases) {
            var stored = line.has("stored") ? object(line, "stored") : null;
            if (stored != null) {
                assertEquals(List.of(), admission.refusals(stored, null), () -> "stored: " + line);
            }
            var refusals = admission.refusals(object(line, "spec"), stored);
            var says = new ArrayList<String>();
            line.path("says").forEach(part -> says.add(part.asText()));
            if (refusals.size() != says.size()
                    || !says.stream().allMatch(part -> refusals.stream().anyMatch(text -> text.contains(part)))) {
                findings.add(line.get("kind").asText() + ", " + line.get("it").asText() + ": " + refusals);
            }
        }
        assertEquals(List.of(), findings);
        assertEquals(Set.of(), admission.untried(), "each rule holds in a line of the table and breaks in another");
    }

    @Test
    void theDefaultsOfTheClassesAreThoseOfTheSchemas() {
        for (var line : cases) {
            if (!line.has("says")) {
                var given = bare(line, "spec");
                var direct = Serialization.unmarshal(given.toString(), kind(line));
                var stored = Serialization.unmarshal(admission.defaulted(given).toString(), kind(line));
                assertEquals(stored, direct, () -> line.get("it").asText());
            }
        }
    }

    @Test
    void anObjectThatIsReadAndWrittenIsTheSame() throws IOException {
        for (var line : cases) {
            if (!line.has("says")) {
                var stored = (ObjectNode) admission.defaulted(bare(line, "spec"));
                var read = Serialization.unmarshal(stored.toString(), kind(line));
                var written = (ObjectNode) JSON.readTree(Serialization.asJson(read));
                assertTrue(
                        admission.refusals(admission.defaulted(written), stored).isEmpty(), written::toString);
                assertEquals(read, Serialization.unmarshal(written.toString(), kind(line)));
            }
        }
    }

    private static Class<?> kind(JsonNode line) {
        return Definitions.KINDS.stream()
                .filter(type -> type.getSimpleName().equals(line.get("kind").asText()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode object(JsonNode line, String spec) {
        return admission.defaulted(bare(line, spec));
    }

    private static JsonNode bare(JsonNode line, String spec) {
        var object = JSON.createObjectNode();
        object.put("apiVersion", "holdfast.dev/v1alpha1")
                .put("kind", line.get("kind").asText());
        object.putObject("metadata")
                .put("name", line.path("name").asText("orders"))
                .put("namespace", "shop");
        object.set("spec", line.get(spec).deepCopy());
        return object;
    }
}

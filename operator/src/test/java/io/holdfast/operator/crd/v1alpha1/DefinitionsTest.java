package io.holdfast.operator.crd.v1alpha1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1CustomResourceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DefinitionsTest {

    private static final Path DIRECTORY = Path.of("../k8s/crds");

    /** What the API server refuses in a schema that it shall prune and write defaults by. */
    private static final List<String> FORBIDDEN = List.of(
            "$ref",
            "definitions",
            "dependencies",
            "deprecated",
            "discriminator",
            "id",
            "patternProperties",
            "readOnly",
            "uniqueItems",
            "writeOnly",
            "xml",
            "oneOf",
            "allOf",
            "not",
            "exclusiveMinimum",
            "exclusiveMaximum");

    private static Map<String, JsonNode> definitions;

    @BeforeAll
    static void generate() {
        definitions = Definitions.all();
    }

    @Test
    void theFilesThatAnAdminAppliesAreWhatTheClassesSay() throws IOException {
        var expected = new TreeMap<String, String>();
        for (var definition : definitions.entrySet()) {
            expected.put(
                    definition.getKey(),
                    "# Generated from the classes in operator/. Regenerate with: mvn -pl operator -am test\n"
                            + "# -Dtest=DefinitionsTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true\n"
                            + Definitions.YAML.writeValueAsString(definition.getValue()));
        }
        expected.put(
                "kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- "
                        + String.join("\n- ", definitions.keySet()) + "\n");
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(DIRECTORY);
            for (var file : expected.entrySet()) {
                Files.writeString(DIRECTORY.resolve(file.getKey()), file.getValue());
            }
        }
        var written = new TreeMap<String, String>();
        try (var files = Files.list(DIRECTORY)) {
            for (var file : files.toList()) {
                written.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertEquals(expected, written, "k8s/crds is stale; write it with -Ddocs.write=true and read the change");
    }

    @Test
    void kubernetesKnowsEveryFieldOfThem() throws IOException {
        for (var definition : definitions.values()) {
            V1CustomResourceDefinition.validateJsonElement(JsonParser.parseString(definition.toString()));
        }
    }

    @Test
    void theSchemasAreStructuralAndEverythingInThemIsBounded() {
        var findings = new ArrayList<String>();
        definitions.forEach((file, definition) -> check(file, Definitions.schemaOf(definition), findings));
        assertEquals(List.of(), findings);
    }

    @Test
    void onlyObserversScaleAndAllHaveAStatus() {
        definitions.forEach((file, definition) -> {
            var subresources = definition.at("/spec/versions/0/subresources");
            assertEquals(file.contains("lockobservers"), subresources.has("scale"), file);
            assertEquals(true, subresources.has("status"), file);
            assertEquals(
                    "[\"holdfast\"]", definition.at("/spec/names/categories").toString());
        });
        var scale = definitions.get("holdfast.dev_lockobservers.yaml").at("/spec/versions/0/subresources/scale");
        assertEquals(
                Map.of(
                        "specReplicasPath", ".spec.replicas",
                        "statusReplicasPath", ".status.replicas",
                        "labelSelectorPath", ".status.selector"),
                Definitions.YAML.convertValue(scale, Map.class));
    }

    @Test
    void columnsComeInTheOrderOfTheirUse() {
        assertEquals(
                List.of(
                        "lkc: Voters Wanted Leader Available Progressing Age | Epoch Level Image Degraded",
                        "lko: Cluster Wanted Ready Age |",
                        "lkb: Cluster Phase Revision Bytes Age |",
                        "lks: Schedule Last Next Suspended |",
                        "lkp: Cluster Accepted Reason Age |"),
                Definitions.KINDS.stream()
                        .map(kind -> columns(definitions.values().stream()
                                .filter(d -> d.at("/spec/names/kind").asText().equals(kind.getSimpleName()))
                                .findFirst()
                                .orElseThrow()))
                        .toList());
    }

    private static String columns(JsonNode definition) {
        var text = new StringBuilder(definition.at("/spec/names/shortNames/0").asText() + ":");
        var wide = new StringBuilder(" |");
        definition
                .at("/spec/versions/0/additionalPrinterColumns")
                .forEach(column -> (column.get("priority").asInt() == 0 ? text : wide)
                        .append(' ')
                        .append(column.get("name").asText()));
        return text.append(wide).toString();
    }

    private static void check(String path, JsonNode schema, List<String> findings) {
        FORBIDDEN.stream().filter(schema::has).forEach(word -> findings.add(path + ": " + word));
        var type = schema.path("type").asText();
        var intOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
        if (type.isEmpty() != intOrString) {
            findings.add(path + ": a type, or a number or text");
        }
        if (schema.has("anyOf") && !intOrString) {
            findings.add(path + ": anyOf");
        }
        if (schema.has("properties") && schema.has("additionalProperties")) {
            findings.add(path + ": named and free properties");
        }
        var bound = Map.of("string", "maxLength", "array", "maxItems").get(type);
        if (bound != null && !schema.has(bound) && !schema.has("enum") && !schema.has("format")) {
            findings.add(path + ": no " + bound);
        }
        if (schema.has("additionalProperties") && !schema.has("maxProperties")) {
            findings.add(path + ": no maxProperties");
        }
        schema.path("x-kubernetes-validations").forEach(rule -> {
            if (rule.path("message").asText().isBlank()
                    || rule.path("rule").asText().contains("\n")) {
                findings.add(path + ": a rule without a message, or of two lines");
            }
        });
        schema.path("properties").properties().forEach(property -> {
            var inner = path + "." + property.getKey();
            if (!Set.of("spec", "status", "key", "name", "operator", "values", "except", "cidr")
                            .contains(property.getKey())
                    && !property.getValue().has("description")
                    && !inner.contains("networkPolicy")) {
                findings.add(inner + ": no description");
            }
            check(inner, property.getValue(), findings);
        });
        if (schema.has("items")) {
            check(path + "[]", schema.get("items"), findings);
        }
        if (schema.has("additionalProperties")) {
            check(path + "{}", schema.get("additionalProperties"), findings);
        }
    }
}

package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The definitions of the four kinds, generated from their classes.
 *
 * <p>What the annotations of the generator cannot say is added in {@link #finish}, and nowhere else: the order of the
 * columns, Kubernetes' own schema of a condition, the form of quantities that may be numbers, and a bound for every
 * string, list and map that has none of its own, without which the API server takes each for as long as a request.
 */
public final class Definitions {

    static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build());

    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            LockCluster.class,
            LockObservers.class,
            LockClusterBackup.class,
            LockClusterBackupSchedule.class,
            LockPolicy.class);

    private static final long STRING_MAX = 1024;
    private static final long ITEMS_MAX = 64;
    private static final String SCHEMA = "/spec/versions/0/schema/openAPIV3Schema";

    /** As Kubernetes describes {@code meta/v1.Condition}. */
    private static final String CONDITION = """
            type: object
            description: One condition.
            required: [lastTransitionTime, message, reason, status, type]
            properties:
              lastTransitionTime: {type: string, format: date-time, description: When the status changed.}
              message: {type: string, maxLength: 32768, description: The same for an admin.}
              observedGeneration: {type: integer, minimum: 0, description: The generation that this is about.}
              reason:
                {type: string, minLength: 1, maxLength: 1024, pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
                description: Why the status is what it is.}
              status: {type: string, enum: ['True', 'False', Unknown], description: 'True, False or Unknown.'}
              type: {type: string, maxLength: 316, pattern: '^[A-Za-z]+$', description: Its name.}
            """;

    private Definitions() {}

    /** Returns the definitions, by the names of their files. */
    public static Map<String, JsonNode> all() {
        var written = new TreeMap<String, ByteArrayOutputStream>();
        try (var output = new InMemory(written)) {
            new CRDGenerator()
                    .customResourceClasses(List.copyOf(KINDS))
                    .forCRDVersions("v1")
                    .withOutput(output)
                    .generate();
            var definitions = new TreeMap<String, JsonNode>();
            for (var text : written.values()) {
                var definition = (ObjectNode) YAML.readTree(text.toString(StandardCharsets.UTF_8));
                finish(definition);
                definitions.put(fileOf(definition), definition);
            }
            return definitions;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the schema of a definition. */
    public static JsonNode schemaOf(JsonNode definition) {
        return definition.at(SCHEMA);
    }

    private static String fileOf(JsonNode definition) {
        return "holdfast.dev_" + definition.at("/spec/names/plural").asText() + ".yaml";
    }

    private static void finish(ObjectNode definition) throws JsonProcessingException {
        var kind = KINDS.stream()
                .filter(type -> type.getSimpleName()
                        .equals(definition.at("/spec/names/kind").asText()))
                .findFirst()
                .orElseThrow();
        var order = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        var columns = (ArrayNode) definition.at("/spec/versions/0/additionalPrinterColumns");
        var sorted = new java.util.ArrayList<JsonNode>();
        columns.forEach(sorted::add);
        sorted.sort(Comparator.comparingInt(
                column -> order.indexOf(column.get("name").asText())));
        columns.removeAll().addAll(sorted);

        var schema = (ObjectNode) schemaOf(definition);
        schema.put("description", definition.at("/spec/names/kind").asText() + " of Holdfast.");
        var conditions = (ObjectNode) schema.at("/properties/status/properties/conditions");
        conditions.set("items", YAML.readTree(CONDITION));
        conditions.put("x-kubernetes-list-type", "map");
        conditions.putArray("x-kubernetes-list-map-keys").add("type");
        finishSchema(schema);
    }

    private static void finishSchema(ObjectNode schema) {
        for (var bound : List.of("minimum", "maximum")) {
            if (schema.has(bound)) {
                schema.put(bound, schema.get(bound).asLong());
            }
        }
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            schema.put("type", "object");
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            schema.put("pattern", Patterns.QUANTITY).put("maxLength", STRING_MAX);
        }
        var free = !schema.has("enum") && !schema.has("format");
        switch (schema.path("type").asText()) {
            case "string" -> bound(schema, "maxLength", free ? STRING_MAX : -1);
            case "array" -> bound(schema, "maxItems", ITEMS_MAX);
            case "object" -> bound(schema, "maxProperties", schema.has("additionalProperties") ? ITEMS_MAX : -1);
            default -> {}
        }
        schema.path("properties").forEach(property -> finishSchema((ObjectNode) property));
        for (var inner : List.of("items", "additionalProperties")) {
            if (schema.get(inner) instanceof ObjectNode node) {
                finishSchema(node);
            }
        }
    }

    private static void bound(ObjectNode schema, String keyword, long most) {
        if (most >= 0 && !schema.has(keyword)) {
            schema.put(keyword, most);
        }
    }

    private record InMemory(Map<String, ByteArrayOutputStream> files)
            implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return files.computeIfAbsent(name, any -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String name) {
            return URI.create("file:///" + name);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}

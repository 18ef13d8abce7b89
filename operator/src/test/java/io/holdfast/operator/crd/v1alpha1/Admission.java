package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the API server does with an object of one of the four kinds: it refuses unknown fields, writes defaults,
 * compares with the schema, and evaluates the rules, with the object that is stored as {@code oldSelf}.
 */
public final class Admission {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
    private static final String RULES = "x-kubernetes-validations";

    private final Map<String, JsonNode> schemas = new TreeMap<>();
    private final Map<String, JsonSchema> validators = new HashMap<>();
    private final Map<String, CelRuntime.Program> programs = new HashMap<>();
    private final Set<String> held = new TreeSet<>();
    private final Set<String> broken = new TreeSet<>();
    private final CelCompiler compiler;
    private final CelRuntime runtime;

    /** Takes the definitions as the classes give them. */
    public Admission() {
        var dialect = JsonMetaSchema.builder(JsonMetaSchema.getV7())
                .keywords(List.of(
                        new NonValidationKeyword(RULES),
                        new NonValidationKeyword("x-kubernetes-list-type"),
                        new NonValidationKeyword("x-kubernetes-list-map-keys"),
                        new NonValidationKeyword("x-kubernetes-preserve-unknown-fields"),
                        new NonValidationKeyword("x-kubernetes-int-or-string")))
                .build();
        var factory = JsonSchemaFactory.builder()
                .metaSchema(dialect)
                .defaultMetaSchemaIri(dialect.getIri())
                .build();
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        Definitions.all().values().forEach(definition -> {
            var kind = definition.at("/spec/names/kind").asText();
            schemas.put(kind, Definitions.schemaOf(definition));
            validators.put(kind, factory.getSchema(Definitions.schemaOf(definition), config));
        });
        var quantity = OpaqueType.create("kubernetes.Quantity");
        compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", SimpleType.DYN)
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "quantity",
                                CelOverloadDecl.newGlobalOverload("string_to_quantity", quantity, SimpleType.STRING)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "compareTo",
                                CelOverloadDecl.newMemberOverload(
                                        "quantity_compare", SimpleType.INT, quantity, quantity)))
                .build();
        runtime = CelRuntimeFactory.standardCelRuntimeBuilder()
                .addFunctionBindings(
                        CelRuntime.CelFunctionBinding.from(
                                "string_to_quantity",
                                String.class,
                                text -> Quantity.getAmountInBytes(new Quantity(text))),
                        CelRuntime.CelFunctionBinding.from(
                                "quantity_compare", BigDecimal.class, BigDecimal.class, (one, other) ->
                                        (long) one.compareTo(other)))
                .build();
    }

    /** Returns the schemas, by kind. */
    public Map<String, JsonNode> schemas() {
        return schemas;
    }

    /** Returns a copy of an object in which what is absent has its default. */
    public JsonNode defaulted(JsonNode object) {
        var copy = object.deepCopy();
        writeDefaults(schemas.get(object.get("kind").asText()), copy);
        return copy;
    }

    /**
     * Returns why an object is refused, empty if it is stored.
     *
     * @param object the object, whose defaults are written
     * @param stored the object that is stored under its name, null if there is none
     */
    public List<String> refusals(JsonNode object, JsonNode stored) {
        var kind = object.get("kind").asText();
        var refusals = new ArrayList<String>();
        unknown(schemas.get(kind), object, "", refusals);
        validators.get(kind).validate(object).forEach(message -> refusals.add(message.getMessage()));
        if (refusals.isEmpty()) {
            evaluate(schemas.get(kind), object, stored, refusals);
        }
        return refusals;
    }

    /**
     * Returns the rules that were evaluated without holding once and without breaking once, empty after a full table.
     */
    Set<String> untried() {
        var all = new TreeSet<String>();
        schemas.values()
                .forEach(schema -> schema.findValues(RULES)
                        .forEach(rules ->
                                rules.forEach(rule -> all.add(rule.get("rule").asText()))));
        all.removeIf(rule -> held.contains(rule) && broken.contains(rule));
        return all;
    }

    private static void writeDefaults(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                var standard = property.getValue().get("default");
                if (standard != null && !object.hasNonNull(property.getKey())) {
                    object.set(property.getKey(), standard.deepCopy());
                }
                if (object.has(property.getKey())) {
                    writeDefaults(property.getValue(), object.get(property.getKey()));
                }
            });
        } else if (value.isArray()) {
            value.forEach(item -> writeDefaults(schema.path("items"), item));
        }
    }

    private static void unknown(JsonNode schema, JsonNode value, String path, List<String> refusals) {
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return;
        }
        value.properties().forEach(field -> {
            var name = path + "." + field.getKey();
            var inner = schema.path("properties").get(field.getKey());
            var free = schema.has("additionalProperties")
                    || path.isEmpty()
                            && Set.of("apiVersion", "kind", "metadata").contains(field.getKey());
            if (inner != null) {
                unknown(inner, field.getValue(), name, refusals);
            } else if (!free) {
                refusals.add("unknown field " + name);
            }
        });
        if (value.isArray()) {
            value.forEach(item -> unknown(schema.path("items"), item, path + "[]", refusals));
        }
    }

    private void evaluate(JsonNode schema, JsonNode value, JsonNode stored, List<String> refusals) {
        schema.path(RULES).forEach(rule -> {
            var text = rule.get("rule").asText();
            if (!text.contains("oldSelf") || stored != null) {
                if (holds(text, schema, value, stored)) {
                    held.add(text);
                } else {
                    broken.add(text);
                    refusals.add(rule.get("message").asText());
                }
            }
        });
        schema.path("properties").properties().forEach(property -> {
            if (value.has(property.getKey())) {
                var before = stored == null ? null : stored.get(property.getKey());
                evaluate(property.getValue(), value.get(property.getKey()), before, refusals);
            }
        });
    }

    private boolean holds(String rule, JsonNode schema, JsonNode value, JsonNode stored) {
        var program = programs.computeIfAbsent(rule, text -> {
            try {
                return runtime.createProgram(compiler.compile(text).getAst());
            } catch (CelValidationException | CelEvaluationException e) {
                throw new AssertionError("the rule is not CEL: " + text, e);
            }
        });
        var variables = new HashMap<String, Object>();
        variables.put("self", plain(escaped(schema, value)));
        if (stored != null) {
            variables.put("oldSelf", plain(escaped(schema, stored)));
        }
        try {
            return (Boolean) program.eval(variables);
        } catch (CelEvaluationException e) {
            throw new AssertionError("the rule fails: " + rule, e);
        }
    }

    /** As the API server names properties in a rule: those that are no identifiers of CEL are escaped. */
    private static JsonNode escaped(JsonNode schema, JsonNode value) {
        if (value.isArray()) {
            var items = JSON.createArrayNode();
            value.forEach(item -> items.add(escaped(schema.path("items"), item)));
            return items;
        }
        if (!value.isObject()) {
            return value;
        }
        var fields = JSON.createObjectNode();
        value.properties().forEach(field -> {
            var property = schema.path("properties").path(field.getKey());
            var name = property.isMissingNode()
                    ? field.getKey()
                    : field.getKey().replace("__", "__underscores__").replace("-", "__dash__");
            fields.set(
                    name,
                    escaped(
                            property.isMissingNode() ? schema.path("additionalProperties") : property,
                            field.getValue()));
        });
        return fields;
    }

    private static Object plain(JsonNode value) {
        try {
            return JSON.treeToValue(value, Object.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

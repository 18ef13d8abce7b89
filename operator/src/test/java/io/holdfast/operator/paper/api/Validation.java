package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what an API server refuses: fields that a kind does not have, and values of another type. Built-in kinds are
 * compared with Kubernetes' own models, custom ones with the schema of their definition, whose defaults are filled in.
 * Rules in CEL are not evaluated.
 */
final class Validation {

    private static final String MODELS = "io.kubernetes.client.openapi.models.";
    private static final Map<String, Method> VALIDATORS = new ConcurrentHashMap<>();

    private final List<String> wrong = new ArrayList<>();

    private Validation() {}

    /** Fills in the defaults of a custom resource. */
    static void check(Resource resource, ObjectNode object) {
        var schema = resource.schema();
        if (schema == null) {
            checkModel(resource, object);
            return;
        }
        var validation = new Validation();
        schema.path("properties").properties().forEach(property -> {
            var name = property.getKey();
            if (!name.equals("metadata") && !name.equals("apiVersion") && !name.equals("kind")) {
                validation.property(object, name, property.getValue());
            }
        });
        object.fieldNames().forEachRemaining(name -> {
            if (!schema.path("properties").has(name)
                    && !List.of("apiVersion", "kind", "metadata").contains(name)) {
                validation.wrong.add("unknown field \"" + name + "\"");
            }
        });
        for (var required : schema.path("required")) {
            if (!object.has(required.asText())) {
                validation.wrong.add(required.asText() + ": Required value");
            }
        }
        if (!validation.wrong.isEmpty()) {
            var what = resource.kind() + "." + resource.group() + " \""
                    + object.path("metadata").path("name").asText() + "\" is invalid: ";
            throw ApiException.invalid(what + String.join(", ", validation.wrong));
        }
    }

    /** Removes members without a value, as an API server does. */
    static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> object.path(name).isNull()).forEach(object::remove);
        }
        node.forEach(Validation::dropNulls);
    }

    private void property(ObjectNode parent, String name, JsonNode schema) {
        if (!parent.has(name) && schema.has("default")) {
            parent.set(name, schema.get("default").deepCopy());
        }
        var value = parent.get(name);
        if (value != null) {
            value(name, value, schema);
        }
    }

    private void value(String path, JsonNode value, JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                wrong.add(path + ": must be a number or a string");
            }
            return;
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            wrong.add(path + ": Unsupported value: " + value + ": supported values: " + schema.get("enum"));
        }
        switch (schema.path("type").asText()) {
            case "object" -> object(path, value, schema);
            case "array" -> array(path, value, schema);
            case "string" -> string(path, value, schema);
            case "boolean" -> expect(path, value.isBoolean(), "boolean");
            case "integer" -> number(path, value, value.isIntegralNumber(), schema);
            case "number" -> number(path, value, value.isNumber(), schema);
            default -> {}
        }
    }

    private void object(String path, JsonNode value, JsonNode schema) {
        if (!(value instanceof ObjectNode object)) {
            expect(path, false, "object");
            return;
        }
        var properties = schema.path("properties");
        var others = schema.path("additionalProperties");
        var open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        properties.properties().forEach(each -> property(object, each.getKey(), each.getValue()));
        object.properties().forEach(each -> {
            if (!properties.has(each.getKey())) {
                if (others.isObject()) {
                    value(path + "." + each.getKey(), each.getValue(), others);
                } else if (!open && !others.asBoolean()) {
                    wrong.add("unknown field \"" + path + "." + each.getKey() + "\"");
                }
            }
        });
        for (var required : schema.path("required")) {
            if (!object.has(required.asText())) {
                wrong.add(path + "." + required.asText() + ": Required value");
            }
        }
    }

    private void array(String path, JsonNode value, JsonNode schema) {
        expect(path, value.isArray(), "array");
        for (var i = 0; value instanceof ArrayNode && i < value.size(); i++) {
            value(path + "[" + i + "]", value.get(i), schema.path("items"));
        }
        if (value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            wrong.add(path + ": Too many: " + value.size());
        }
    }

    private void string(String path, JsonNode value, JsonNode schema) {
        expect(path, value.isTextual(), "string");
        var text = value.asText();
        if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)
                || text.length() < schema.path("minLength").asInt(0)) {
            wrong.add(path + ": wrong length");
        }
        if (schema.has("pattern")
                && !Pattern.compile(schema.get("pattern").asText())
                        .matcher(text)
                        .find()) {
            wrong.add(path + ": should match '" + schema.get("pattern").asText() + "'");
        }
    }

    private void number(String path, JsonNode value, boolean isOne, JsonNode schema) {
        expect(path, isOne, schema.path("type").asText());
        if (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY)) {
            wrong.add(path + ": Invalid value: " + value);
        }
    }

    private void expect(String path, boolean holds, String type) {
        if (!holds) {
            wrong.add(path + ": must be of type " + type);
        }
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (var each : values) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static void checkModel(Resource resource, JsonNode object) {
        var name = switch (resource.name()) {
            case "events" -> "CoreV1Event";
            case "events.events.k8s.io" -> "EventsV1Event";
            default -> "V1" + resource.kind();
        };
        try {
            validator(name).invoke(null, JsonParser.parseString(object.toString()));
        } catch (InvocationTargetException e) {
            throw ApiException.badRequest(resource.kind() + " in version \"" + resource.version()
                    + "\" cannot be handled as a " + resource.kind() + ": strict decoding error: " + cause(e));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String cause(InvocationTargetException e) {
        return e.getCause() == null ? null : e.getCause().getMessage();
    }

    private static Method validator(String model) {
        return VALIDATORS.computeIfAbsent(model, name -> {
            try {
                return Class.forName(MODELS + name).getMethod("validateJsonElement", JsonElement.class);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

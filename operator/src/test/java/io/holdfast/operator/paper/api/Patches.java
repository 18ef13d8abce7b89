package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The four kinds of patches, as functions from an object to another.
 *
 * <p>A list whose elements have a key in Kubernetes' models is merged by that key, any other list is one value.
 */
final class Patches {

    /** Keys of the elements of lists, by the name of the list. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("ports", List.of("port", "containerPort", "protocol")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
            Map.entry("ownerReferences", List.of("uid")),
            Map.entry("conditions", List.of("type")));

    private Patches() {}

    /** RFC 6902. */
    static ObjectNode json(ObjectNode object, JsonNode patch) {
        try {
            return (ObjectNode) JsonPatch.apply(patch, object.deepCopy());
        } catch (RuntimeException e) {
            throw ApiException.invalid(
                    "the server rejected our request due to an error in our request: " + e.getMessage());
        }
    }

    /** RFC 7386; with {@code strategic} lists with keys are merged. */
    static ObjectNode merge(ObjectNode object, JsonNode patch, boolean strategic) {
        var merged = object.deepCopy();
        patch.properties().forEach(each -> {
            var name = each.getKey();
            var value = each.getValue();
            var old = merged.get(name);
            if (value.isNull()) {
                merged.remove(name);
            } else if (value.isObject()) {
                var base = old instanceof ObjectNode there ? there : JsonNodeFactory.instance.objectNode();
                merged.set(name, merge(base, value, strategic));
            } else if (strategic && value.isArray() && old instanceof ArrayNode list && hasKeys(name, value, list)) {
                merged.set(name, mergeList(name, list, value));
            } else {
                merged.set(name, value.deepCopy());
            }
        });
        return merged;
    }

    private static ArrayNode mergeList(String name, ArrayNode list, JsonNode patch) {
        var merged = list.deepCopy();
        for (var element : patch) {
            var at = find(name, merged, element);
            if (element.path("$patch").asText().equals("delete")) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (at >= 0) {
                merged.set(at, merge((ObjectNode) merged.get(at), element, true));
            } else {
                merged.add(element.deepCopy());
            }
        }
        return merged;
    }

    /** Server-side apply by the one manager that applied {@code before}, forced. */
    static ObjectNode apply(ObjectNode object, JsonNode before, JsonNode now) {
        var applied = object.deepCopy();
        before.fieldNames().forEachRemaining(name -> {
            if (!now.has(name)) {
                withdraw(applied, name, before.get(name));
            }
        });
        now.properties().forEach(each -> {
            var name = each.getKey();
            var value = each.getValue();
            var old = applied.get(name);
            var earlier = before.path(name);
            if (value.isObject()) {
                var base = old instanceof ObjectNode there ? there : JsonNodeFactory.instance.objectNode();
                applied.set(name, apply(base, earlier, value));
            } else if (value.isArray() && hasKeys(name, value)) {
                var base = old instanceof ArrayNode there ? there : JsonNodeFactory.instance.arrayNode();
                applied.set(name, applyList(name, base, earlier, value));
            } else if (name.equals("finalizers") && old instanceof ArrayNode there) {
                applied.set(name, union(there, earlier, value));
            } else {
                applied.set(name, value.deepCopy());
            }
        });
        return applied;
    }

    private static ArrayNode applyList(String name, ArrayNode list, JsonNode before, JsonNode now) {
        var applied = list.deepCopy();
        for (var element : before) {
            var at = find(name, applied, element);
            if (at >= 0 && find(name, now, element) < 0) {
                applied.remove(at);
            }
        }
        for (var element : now) {
            var at = find(name, applied, element);
            if (at >= 0) {
                var earlier = find(name, before, element);
                var own = earlier < 0 ? JsonNodeFactory.instance.objectNode() : before.get(earlier);
                applied.set(at, apply((ObjectNode) applied.get(at), own, element));
            } else {
                applied.add(element.deepCopy());
            }
        }
        return applied;
    }

    private static void withdraw(ObjectNode object, String name, JsonNode own) {
        var value = object.get(name);
        if (value instanceof ObjectNode live && own.isObject()) {
            own.fieldNames().forEachRemaining(each -> withdraw(live, each, own.get(each)));
            if (live.isEmpty()) {
                object.remove(name);
            }
        } else if (value instanceof ArrayNode live && hasKeys(name, own)) {
            object.set(name, applyList(name, live, own, JsonNodeFactory.instance.arrayNode()));
        } else {
            object.remove(name);
        }
    }

    private static ArrayNode union(ArrayNode live, JsonNode before, JsonNode now) {
        var all = new ArrayList<JsonNode>();
        live.forEach(all::add);
        before.forEach(all::remove);
        now.forEach(each -> {
            if (!all.contains(each)) {
                all.add(each);
            }
        });
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }

    /** What {@code metadata.managedFields} has in {@code fieldsV1}. */
    static ObjectNode fields(JsonNode applied) {
        var fields = JsonNodeFactory.instance.objectNode();
        applied.properties().forEach(each -> {
            var value = each.getValue();
            var name = each.getKey();
            if (value.isArray() && hasKeys(name, value)) {
                var list = JsonNodeFactory.instance.objectNode();
                value.forEach(element -> list.set("k:" + key(name, element), fields(element)));
                fields.set("f:" + name, list);
            } else {
                fields.set("f:" + name, value.isObject() ? fields(value) : JsonNodeFactory.instance.objectNode());
            }
        });
        return fields;
    }

    private static int find(String name, JsonNode list, JsonNode element) {
        for (var i = 0; i < list.size(); i++) {
            if (key(name, list.get(i)).equals(key(name, element))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean hasKeys(String name, JsonNode... lists) {
        return KEYS.containsKey(name)
                && List.of(lists).stream()
                        .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                        .allMatch(element -> KEYS.get(name).stream().anyMatch(element::has));
    }

    private static ObjectNode key(String name, JsonNode element) {
        var key = JsonNodeFactory.instance.objectNode();
        for (var part : KEYS.getOrDefault(name, List.of())) {
            if (element.has(part)) {
                key.set(part, element.get(part));
            }
        }
        return key;
    }
}

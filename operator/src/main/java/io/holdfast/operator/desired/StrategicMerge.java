package io.holdfast.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Kubernetes' strategic merge of a part of a pod template over a whole one: maps are merged, {@code null} removes a
 * field, lists of the table are merged by the field that names their items, and other lists are replaced.
 */
final class StrategicMerge {

    /** The field that names the items of a list, by the name of the list; the API says the same with patchMergeKey. */
    private static final Map<String, String> KEYS = Map.of(
            "containers", "name",
            "initContainers", "name",
            "env", "name",
            "volumes", "name",
            "volumeMounts", "mountPath",
            "volumeDevices", "devicePath",
            "ports", "containerPort",
            "topologySpreadConstraints", "topologyKey",
            "hostAliases", "ip");

    private StrategicMerge() {}

    /**
     * Merges a part into a whole.
     *
     * @param path of the part, for messages
     * @throws SpecRefusedException when an item of a merged list does not have its name, or the part has a directive
     */
    static void merge(ObjectNode whole, ObjectNode part, String path) {
        part.properties().forEach(field -> {
            var name = field.getKey();
            var value = field.getValue();
            var inner = path + "." + name;
            if (name.startsWith("$")) {
                throw new SpecRefusedException(inner, "directives are not supported: write null to remove a field");
            }
            var key = KEYS.get(name);
            if (value.isNull()) {
                whole.remove(name);
            } else if (value instanceof ObjectNode object) {
                merge(whole.get(name) instanceof ObjectNode old ? old : whole.putObject(name), object, inner);
            } else if (value instanceof ArrayNode list && key != null) {
                mergeList(whole.get(name) instanceof ArrayNode old ? old : whole.putArray(name), list, key, inner);
            } else {
                whole.set(name, value.deepCopy());
            }
        });
    }

    private static void mergeList(ArrayNode whole, ArrayNode part, String key, String path) {
        for (var item : part) {
            if (!(item instanceof ObjectNode object) || !item.hasNonNull(key)) {
                throw new SpecRefusedException(path, "an item without " + key + ": give it, items are merged by it");
            }
            var inner = path + "[" + item.get(key).asText() + "]";
            merge(existing(whole, key, item.get(key)), object, inner);
        }
    }

    private static ObjectNode existing(ArrayNode whole, String key, JsonNode name) {
        for (var item : whole) {
            if (item instanceof ObjectNode object
                    && name.asText().equals(object.path(key).asText())) {
                return object;
            }
        }
        return whole.addObject();
    }
}

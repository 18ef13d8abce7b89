package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What each manager applied last to each object: the fields that it no longer applies are removed next time. */
final class Applied {

    /** A manager of fields; what it applies to a subresource is kept apart. */
    record Owner(String manager, String subresource) implements Comparable<Owner> {
        @Override
        public int compareTo(Owner other) {
            var byManager = manager.compareTo(other.manager);
            return byManager != 0 ? byManager : subresource.compareTo(other.subresource);
        }
    }

    private final Map<String, Map<Owner, ObjectNode>> byUid = new HashMap<>();

    JsonNode by(ObjectNode object, Owner owner) {
        return byUid.getOrDefault(uid(object), Map.of()).getOrDefault(owner, JsonNodeFactory.instance.objectNode());
    }

    void remember(ObjectNode object, Owner owner, ObjectNode now) {
        byUid.computeIfAbsent(uid(object), uid -> new TreeMap<>()).put(owner, own(now));
    }

    void forget(ObjectNode object) {
        byUid.remove(uid(object));
    }

    /** As they are once this manager has applied that. */
    ArrayNode managedFields(ObjectNode object, Owner owner, ObjectNode now) {
        var next = new TreeMap<>(byUid.getOrDefault(uid(object), Map.of()));
        next.put(owner, own(now));
        return managedFields(object, next);
    }

    private static ArrayNode managedFields(ObjectNode object, Map<Owner, ObjectNode> managers) {
        var all = JsonNodeFactory.instance.arrayNode();
        managers.forEach((owner, applied) -> {
            var entry = all.addObject()
                    .put("manager", owner.manager())
                    .put("operation", "Apply")
                    .put("apiVersion", object.path("apiVersion").asText())
                    .put("fieldsType", "FieldsV1");
            if (!owner.subresource().isEmpty()) {
                entry.put("subresource", owner.subresource());
            }
            entry.set("fieldsV1", Patches.fields(applied));
        });
        return all;
    }

    /** Without what names the object or is a precondition. */
    private static ObjectNode own(ObjectNode now) {
        var own = now.deepCopy();
        own.remove("apiVersion");
        own.remove("kind");
        var metadata = ObjectApi.metadata(own);
        metadata.remove("name");
        metadata.remove("namespace");
        metadata.remove("uid");
        metadata.remove("resourceVersion");
        metadata.remove("managedFields");
        metadata.remove("creationTimestamp");
        metadata.remove("generation");
        return own;
    }

    private static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }
}

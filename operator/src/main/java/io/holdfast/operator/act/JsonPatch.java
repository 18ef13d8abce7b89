package io.holdfast.operator.act;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.operator.plan.Look;

/**
 * A patch of one object that the API server refuses as a whole when the object is not exactly the one that was seen.
 * Used by one thread.
 */
public final class JsonPatch {

    private final ArrayNode steps = JsonNodeFactory.instance.arrayNode();

    /** Begins a patch of this version of an object. */
    public JsonPatch(Look.Version seen) {
        step("test", "/metadata/uid", JsonNodeFactory.instance.textNode(seen.uid()));
        step("test", "/metadata/resourceVersion", JsonNodeFactory.instance.textNode(seen.resourceVersion()));
    }

    /** Sets a field, whether it was there or not; its parent must be there. */
    public JsonPatch set(String pointer, JsonNode value) {
        return step("add", pointer, value);
    }

    /** Sets a field. */
    public JsonPatch set(String pointer, String value) {
        return set(pointer, JsonNodeFactory.instance.textNode(value));
    }

    /** Sets a field. */
    public JsonPatch set(String pointer, int value) {
        return set(pointer, JsonNodeFactory.instance.numberNode(value));
    }

    /**
     * Sets an annotation or a label.
     *
     * @param parent {@code annotations} or {@code labels}
     * @param isEmpty whether the object has none so far
     */
    public JsonPatch setMetadata(String parent, boolean isEmpty, String key, String value) {
        if (isEmpty) {
            set("/metadata/" + parent, JsonNodeFactory.instance.objectNode().put(key, value));
            return this;
        }
        return set("/metadata/" + parent + "/" + key.replace("~", "~0").replace("/", "~1"), value);
    }

    private JsonPatch step(String operation, String pointer, JsonNode value) {
        steps.addObject().put("op", operation).put("path", pointer).set("value", value);
        return this;
    }

    /** Returns the patch as it is sent. */
    public String text() {
        return steps.toString();
    }
}

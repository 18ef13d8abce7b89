package io.holdfast.operator.act;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.plan.Look;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The status of one object, as far as it is known: each write is conditional on the version that the one before left.
 * Used by one thread.
 *
 * @param <T> the object's kind
 */
public final class StatusRecord<T extends CustomResource<?, ?>> {

    private final Writes writes;
    private final KubernetesSerialization json;
    private final Class<T> kind;
    private T current;

    /** Creates one from the object as it was read. */
    public StatusRecord(Writes writes, KubernetesSerialization json, Class<T> kind, T current) {
        this.writes = writes;
        this.json = json;
        this.kind = kind;
        this.current = current;
    }

    /** Returns the object as it was read or written last. */
    public T current() {
        return current;
    }

    /** Returns a copy of the status; an empty one before there is any. An empty list is an absent one. */
    public ObjectNode status() {
        Object status = current.getStatus();
        return withoutEmpty(json.convertValue(status == null ? Map.of() : status, ObjectNode.class));
    }

    private static ObjectNode withoutEmpty(ObjectNode status) {
        status.properties()
                .removeIf(
                        field -> field.getValue().isArray() && field.getValue().isEmpty());
        return status;
    }

    /** Changes the status, unless the change changes nothing. */
    public Outcome write(Consumer<ObjectNode> change) {
        ObjectNode status = status();
        change.accept(status);
        if (withoutEmpty(status).equals(status())) {
            return Outcome.NOTHING;
        }
        var meta = current.getMetadata();
        Look.Version seen = new Look.Version(meta.getName(), meta.getUid(), meta.getResourceVersion());
        Writes.Status<T> written =
                writes.patchStatus(kind, meta.getNamespace(), seen, new JsonPatch(seen).set("/status", status));
        @Nullable T now = written.written().orElse(null);
        if (now != null) {
            current = now;
        }
        return written.outcome();
    }
}

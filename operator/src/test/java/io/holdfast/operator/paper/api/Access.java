package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.paper.api.ObjectApi.Write;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the control plane's own controllers do at the API server: the same checks, without HTTP; for any thread. */
public final class Access {

    private final Map<String, Resource> resources;
    private final ObjectStore store;
    private final ObjectApi objects;
    private final KubernetesSerialization types = new KubernetesSerialization();

    Access(Map<String, Resource> resources, ObjectStore store, ObjectApi objects) {
        this.resources = resources;
        this.store = store;
        this.objects = objects;
    }

    /**
     * What garbage collection looks at.
     *
     * @param owners uids
     */
    public record Reference(
            String resource,
            String namespace,
            String name,
            String uid,
            List<String> owners,
            List<String> finalizers,
            boolean deleted) {}

    /** Has this called after each change, in the thread that made it; it may not block. */
    public void onChange(Runnable listener) {
        store.listen(Long.MAX_VALUE, change -> listener.run());
    }

    /** All objects of a type. */
    public <T extends HasMetadata> List<T> list(Class<T> type) {
        return store.list(resource(type).name(), null, object -> true, false).objects().stream()
                .map(object -> types.convertValue(object, type))
                .toList();
    }

    /** One object, or null. */
    public <T extends HasMetadata> @Nullable T get(Class<T> type, String namespace, String name) {
        var object = store.get(new ObjectStore.Key(resource(type).name(), namespace, name));
        return object == null ? null : types.convertValue(object, type);
    }

    /** Creates an object in its namespace. */
    public void create(HasMetadata object) {
        objects.create(resource(object.getClass()), space(object), json(object));
    }

    /** Writes the status if the object is of the revision that was read. */
    public void putStatus(HasMetadata object) {
        objects.replace(write(object, "status"), json(object));
    }

    /** Writes the object if it is of the revision that was read. */
    public void put(HasMetadata object) {
        objects.replace(write(object, ""), json(object));
    }

    /** Deletes the object if it has that uid still. */
    public void delete(HasMetadata object) {
        objects.delete(write(object, ""), precondition(object.getMetadata().getUid()));
    }

    /** Every object of every kind. */
    public List<Reference> all() {
        return resources.values().stream()
                .flatMap(resource -> store.list(resource.name(), null, object -> true, false).objects().stream()
                        .map(object -> reference(resource, object)))
                .toList();
    }

    /** Deletes the object if it has that uid still; its finalizers are waited for. */
    public void delete(Reference object) {
        objects.delete(write(object), precondition(object.uid()));
    }

    /** Removes a finalizer. */
    public void finish(Reference object, String finalizer) {
        objects.update(write(object), old -> {
            var now = old.deepCopy();
            var left = new TreeSet<String>();
            old.at("/metadata/finalizers").forEach(each -> left.add(each.asText()));
            left.remove(finalizer);
            var array = ObjectApi.metadata(now).putArray("finalizers");
            left.forEach(array::add);
            return now;
        });
    }

    /** Removes owners from an object that outlives them. */
    public void orphan(Reference object, String owner) {
        objects.update(write(object), old -> {
            var now = old.deepCopy();
            var array = ObjectApi.metadata(now).putArray("ownerReferences");
            old.at("/metadata/ownerReferences").forEach(each -> {
                if (!each.path("uid").asText().equals(owner)) {
                    array.add(each);
                }
            });
            return now;
        });
    }

    private static Reference reference(Resource resource, ObjectNode object) {
        var metadata = object.path("metadata");
        return new Reference(
                resource.name(),
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                StreamSupport.stream(metadata.path("ownerReferences").spliterator(), false)
                        .map(owner -> owner.path("uid").asText())
                        .toList(),
                StreamSupport.stream(metadata.path("finalizers").spliterator(), false)
                        .map(each -> each.asText())
                        .toList(),
                metadata.has("deletionTimestamp"));
    }

    private static ObjectNode precondition(String uid) {
        var options = ObjectApi.none();
        options.putObject("preconditions").put("uid", uid);
        return options;
    }

    private Write write(Reference object) {
        return new Write(known(object.resource()), object.namespace(), object.name(), "");
    }

    private Write write(HasMetadata object, String subresource) {
        return new Write(
                resource(object.getClass()), space(object), object.getMetadata().getName(), subresource);
    }

    private static String space(HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        return namespace == null ? "" : namespace;
    }

    private ObjectNode json(HasMetadata object) {
        return types.convertValue(object, ObjectNode.class);
    }

    private Resource resource(Class<? extends HasMetadata> type) {
        var group = HasMetadata.getGroup(type);
        var plural = HasMetadata.getPlural(type);
        return known(group == null || group.isEmpty() ? plural : plural + "." + group);
    }

    private Resource known(String name) {
        var resource = resources.get(name);
        if (resource == null) {
            throw new IllegalArgumentException("no such resource: " + name);
        }
        return resource;
    }
}

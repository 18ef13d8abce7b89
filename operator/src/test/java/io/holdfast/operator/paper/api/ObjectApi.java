package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.operator.paper.api.ObjectStore.Key;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to an object: each write is checked, conditional on what the client says, and counted.
 *
 * <p>For any thread; one call at a time has its way.
 */
public final class ObjectApi {

    private static final List<String> KEPT =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    private final ObjectStore store;
    private final Applied applied = new Applied();
    private int names;

    ObjectApi(ObjectStore store) {
        this.store = store;
    }

    /** A write by a client. */
    record Write(Resource resource, String namespace, String name, String subresource) {

        Key key() {
            return new Key(resource.name(), namespace, name);
        }
    }

    synchronized ObjectNode create(Resource resource, String namespace, ObjectNode given) {
        return create(resource, namespace, given, null);
    }

    private ObjectNode create(
            Resource resource, String namespace, ObjectNode given, @Nullable ArrayNode managedFields) {
        var object = given.deepCopy();
        Validation.dropNulls(object);
        var metadata = metadata(object);
        if (metadata.path("name").asText().isEmpty()) {
            var prefix = metadata.path("generateName").asText();
            if (prefix.isEmpty()) {
                throw ApiException.invalid("metadata.name: Required value: name or generateName is required");
            }
            names++;
            metadata.put("name", prefix + Integer.toString(46656 + names, 36));
        }
        var name = metadata.get("name").asText();
        namespaced(resource, namespace, metadata);
        checkKind(resource, object);
        var key = new Key(resource.name(), namespace, name);
        if (store.get(key) != null) {
            throw new ApiException(409, "AlreadyExists", resource.name() + " \"" + name + "\" already exists");
        }
        if (!metadata.path("resourceVersion").asText().isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        KEPT.forEach(metadata::remove);
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
        if (resource.generation()) {
            metadata.put("generation", 1);
        }
        if (resource.status()) {
            object.remove("status");
        }
        if (managedFields != null) {
            metadata.set("managedFields", managedFields);
        }
        Admission.created(resource, object);
        Validation.check(resource, object);
        return store.put(key, object);
    }

    /** PUT. */
    synchronized ObjectNode replace(Write write, ObjectNode given) {
        return update(write, old -> given);
    }

    /** PATCH of the kinds that start from what is there. */
    synchronized ObjectNode update(Write write, UnaryOperator<ObjectNode> change) {
        var old = existing(write);
        var candidate = change.apply(old).deepCopy();
        Validation.dropNulls(candidate);
        return store(write, old, candidate);
    }

    /** Server-side apply. */
    synchronized ObjectNode apply(Write write, ObjectNode given, String manager) {
        var now = given.deepCopy();
        Validation.dropNulls(now);
        var metadata = metadata(now);
        if (metadata.has("managedFields")) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        checkKind(write.resource(), now);
        namespaced(write.resource(), write.namespace(), metadata);
        var owner = new Applied.Owner(manager, write.subresource());
        var old = store.get(write.key());
        if (old == null) {
            if (metadata.has("uid")
                    || metadata.has("resourceVersion")
                    || !write.subresource().isEmpty()) {
                throw ApiException.notFound(write.resource(), write.name());
            }
            metadata.put("name", write.name());
            var fields = applied.managedFields(now, owner, now);
            var created = create(write.resource(), write.namespace(), now, fields);
            applied.remember(created, owner, now);
            return created;
        }
        checkPreconditions(write, old, now);
        var candidate = Patches.apply(old, applied.by(old, owner), now);
        metadata(candidate).set("managedFields", applied.managedFields(old, owner, now));
        var stored = store(write, old, candidate);
        applied.remember(stored, owner, now);
        return stored;
    }

    private ObjectNode store(Write write, ObjectNode old, ObjectNode candidate) {
        var resource = write.resource();
        checkPreconditions(write, old, candidate);
        if (resource.status()) {
            var status = write.subresource().equals("status");
            var object = status ? old.deepCopy() : candidate;
            var source = status ? candidate : old;
            object.remove("status");
            if (source.has("status")) {
                object.set("status", source.get("status"));
            }
            if (status && metadata(candidate).has("managedFields")) {
                metadata(object).set("managedFields", metadata(candidate).get("managedFields"));
            }
            candidate = object;
        }
        var metadata = metadata(candidate);
        metadata.set("resourceVersion", metadata(old).get("resourceVersion"));
        for (var name : KEPT) {
            metadata.remove(name);
            if (metadata(old).has(name)) {
                metadata.set(name, metadata(old).get(name));
            }
        }
        metadata.put("name", write.name());
        namespaced(resource, write.namespace(), metadata);
        Admission.changed(resource, old, candidate);
        Validation.check(resource, candidate);
        if (candidate.equals(old) || !differs(old, candidate)) {
            return old;
        }
        if (resource.generation() && !spec(old).equals(spec(candidate))) {
            metadata.put("generation", metadata(old).path("generation").asLong() + 1);
        }
        if (ends(candidate)) {
            drop(write.key(), old);
            return candidate;
        }
        return store.put(write.key(), candidate);
    }

    /** Whether anything but the bookkeeping of managers differs. */
    private static boolean differs(ObjectNode old, ObjectNode candidate) {
        var one = old.deepCopy();
        var other = candidate.deepCopy();
        metadata(one).remove("managedFields");
        metadata(other).remove("managedFields");
        return !one.equals(other);
    }

    /**
     * DELETE.
     *
     * @param options as the body of the request gives them
     */
    synchronized ObjectNode delete(Write write, JsonNode options) {
        var old = existing(write);
        var preconditions = options.path("preconditions");
        checkPrecondition(write, "UID", preconditions.path("uid"), metadata(old).path("uid"));
        checkPrecondition(
                write,
                "ResourceVersion",
                preconditions.path("resourceVersion"),
                metadata(old).path("resourceVersion"));
        var gone = old.deepCopy();
        var metadata = metadata(gone);
        var propagation = options.path("propagationPolicy").asText();
        if (propagation.equals("Foreground")) {
            addFinalizer(gone, "foregroundDeletion");
        } else if (propagation.equals("Orphan")) {
            addFinalizer(gone, "orphan");
        }
        var grace = grace(write.resource(), old, options);
        if (grace == 0 && metadata.path("finalizers").isEmpty()) {
            drop(write.key(), old);
            return gone;
        }
        if (!metadata.has("deletionTimestamp")
                || metadata.path("deletionGracePeriodSeconds").asLong() > grace) {
            metadata.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", grace);
            if (write.resource().generation()) {
                metadata.put("generation", metadata.path("generation").asLong() + 1);
            }
            if (write.resource().is("namespaces")) {
                gone.withObject("/status").put("phase", "Terminating");
            }
            return store.put(write.key(), gone);
        }
        return old;
    }

    /** Seconds that the kubelet has; only a pod on a node has any. */
    private static long grace(Resource resource, ObjectNode object, JsonNode options) {
        if (!resource.is("pods")
                || object.path("spec").path("nodeName").asText().isEmpty()) {
            return 0;
        }
        var asked = object.path("spec").path("terminationGracePeriodSeconds").asLong(30);
        var phase = object.path("status").path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed")
                ? 0
                : options.path("gracePeriodSeconds").asLong(asked);
    }

    synchronized ObjectNode existing(Write write) {
        var object = store.get(write.key());
        if (object == null) {
            throw ApiException.notFound(write.resource(), write.name());
        }
        return object;
    }

    private void drop(Key key, ObjectNode object) {
        applied.forget(object);
        store.remove(key);
    }

    private static boolean ends(ObjectNode object) {
        var metadata = metadata(object);
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && object.path("spec").path("finalizers").isEmpty();
    }

    private void namespaced(Resource resource, String namespace, ObjectNode metadata) {
        if (!resource.namespaced()) {
            metadata.remove("namespace");
            return;
        }
        if (!metadata.path("namespace").asText(namespace).equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", namespace);
        var space = store.get(new Key("namespaces", "", namespace));
        if (space == null) {
            throw new ApiException(404, "NotFound", "namespaces \"" + namespace + "\" not found");
        }
        var creates = !metadata.has("uid") || store.get(new Key(resource.name(), namespace, name(metadata))) == null;
        if (creates && metadata(space).has("deletionTimestamp")) {
            throw new ApiException(
                    403,
                    "Forbidden",
                    resource.name() + " \"" + name(metadata)
                            + "\" is forbidden: unable to create new content in namespace " + namespace
                            + " because it is being terminated");
        }
    }

    private static String name(JsonNode metadata) {
        return metadata.path("name").asText();
    }

    private static void checkKind(Resource resource, ObjectNode object) {
        if (!object.path("kind").asText().equals(resource.kind())
                || !object.path("apiVersion").asText().equals(resource.apiVersion())) {
            throw ApiException.badRequest("the body is no " + resource.apiVersion() + " " + resource.kind());
        }
    }

    private static void checkPreconditions(Write write, ObjectNode old, ObjectNode candidate) {
        checkPrecondition(
                write, "UID", metadata(candidate).path("uid"), metadata(old).path("uid"));
        var expected = metadata(candidate).path("resourceVersion").asText();
        if (!expected.isEmpty()
                && !expected.equals(metadata(old).path("resourceVersion").asText())) {
            throw ApiException.conflict(
                    write.resource(),
                    write.name(),
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
    }

    private static void checkPrecondition(Write write, String what, JsonNode expected, JsonNode there) {
        if (!expected.isMissingNode() && !expected.isNull() && !expected.equals(there)) {
            throw ApiException.conflict(
                    write.resource(),
                    write.name(),
                    "Precondition failed: " + what + " in precondition: " + expected.asText() + ", " + what
                            + " in object meta: " + there.asText());
        }
    }

    private static Map<String, JsonNode> spec(ObjectNode object) {
        var spec = new TreeMap<String, JsonNode>();
        object.properties().forEach(each -> spec.put(each.getKey(), each.getValue()));
        spec.remove("metadata");
        spec.remove("status");
        return spec;
    }

    static void addFinalizer(ObjectNode object, String finalizer) {
        for (var each : metadata(object).withArray("/finalizers")) {
            if (each.asText().equals(finalizer)) {
                return;
            }
        }
        metadata(object).withArray("/finalizers").add(finalizer);
    }

    static ObjectNode metadata(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata ? metadata : object.putObject("metadata");
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static ObjectNode none() {
        return JsonNodeFactory.instance.objectNode();
    }
}

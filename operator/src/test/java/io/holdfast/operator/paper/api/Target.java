package io.holdfast.operator.paper.api;

import io.holdfast.operator.paper.api.ObjectApi.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a path of the API names.
 *
 * @param namespace null for all of them
 * @param name null for a collection
 * @param subresource empty for the object itself
 */
record Target(
        Resource resource,
        @Nullable String namespace,
        @Nullable String name,
        String subresource) {

    private static final List<String> OF_NAMESPACES = List.of("status", "finalize");

    /** Null when the server does not have such a resource. */
    static @Nullable Target of(String path, Map<String, Resource> resources) {
        var parts = List.of(path.replaceFirst("^/", "").split("/"));
        String group;
        String version;
        int at;
        if (parts.size() > 2 && parts.get(0).equals("api")) {
            group = "";
            version = parts.get(1);
            at = 2;
        } else if (parts.size() > 3 && parts.get(0).equals("apis")) {
            group = parts.get(1);
            version = parts.get(2);
            at = 3;
        } else {
            return null;
        }
        var rest = parts.subList(at, parts.size());
        var inside = rest.get(0).equals("namespaces")
                && rest.size() > 2
                && !(rest.size() == 3 && OF_NAMESPACES.contains(rest.get(2)));
        var namespace = inside ? rest.get(1) : null;
        var words = inside ? rest.subList(2, rest.size()) : rest;
        var resource = resources.get(group.isEmpty() ? words.get(0) : words.get(0) + "." + group);
        if (resource == null || !resource.version().equals(version) || words.size() > 3) {
            return null;
        }
        return new Target(
                resource, namespace, words.size() > 1 ? words.get(1) : null, words.size() > 2 ? words.get(2) : "");
    }

    Write write() {
        if (name == null) {
            throw new ApiException(405, "MethodNotAllowed", "the server does not allow this method on a collection");
        }
        return new Write(resource, space(), name, subresource);
    }

    Write whole() {
        var write = write();
        return new Write(write.resource(), write.namespace(), write.name(), "");
    }

    String space() {
        return namespace == null ? "" : namespace;
    }

    @Override
    public String toString() {
        return resource.plural() + (subresource.isEmpty() ? "" : "/" + subresource);
    }
}

package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which groups, versions and resources there are. */
final class Discovery {

    private Discovery() {}

    static JsonNode answer(String path, Collection<Resource> resources) {
        if (path.equals("/version")) {
            return ObjectApi.none().put("major", "1").put("minor", "33").put("gitVersion", "v1.33.0-paper");
        }
        if (path.equals("/api")) {
            var versions = ObjectApi.none().put("kind", "APIVersions");
            versions.putArray("versions").add("v1");
            return versions;
        }
        if (path.equals("/apis")) {
            return groups(resources);
        }
        var version = path.replaceFirst("^/apis?/", "");
        var there = resources.stream()
                .filter(resource -> resource.apiVersion().equals(version))
                .toList();
        if (there.isEmpty()) {
            throw new ApiException(404, "NotFound", "the server could not find the requested resource");
        }
        var list = ObjectApi.none().put("kind", "APIResourceList").put("groupVersion", version);
        var all = list.putArray("resources");
        for (var resource : there) {
            all.addObject()
                    .put("name", resource.plural())
                    .put("singularName", "")
                    .put("namespaced", resource.namespaced())
                    .put("kind", resource.kind())
                    .putArray("verbs")
                    .add("get")
                    .add("list")
                    .add("watch");
        }
        return list;
    }

    private static JsonNode groups(Collection<Resource> resources) {
        var versions = new TreeMap<String, TreeSet<String>>();
        resources.stream()
                .filter(resource -> !resource.group().isEmpty())
                .forEach(resource -> versions.computeIfAbsent(resource.group(), group -> new TreeSet<>())
                        .add(resource.version()));
        var list = ObjectApi.none().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = list.putArray("groups");
        versions.forEach((group, each) -> {
            var entry = groups.addObject().put("name", group);
            var preferred = ObjectApi.none()
                    .put("groupVersion", group + "/" + each.last())
                    .put("version", each.last());
            entry.putArray("versions").add(preferred);
            entry.set("preferredVersion", preferred.deepCopy());
        });
        return list;
    }
}

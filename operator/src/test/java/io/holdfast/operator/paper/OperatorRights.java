package io.holdfast.operator.paper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The rights that {@code k8s} gives: what a role there lacks, a scenario cannot do either. */
public final class OperatorRights {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path MANIFESTS = Path.of("../k8s");

    private OperatorRights() {}

    /** The operator's, over all namespaces. */
    public static List<JsonNode> ofAllNamespaces() {
        return roles("rbac/cluster/role.yaml");
    }

    /** What {@code components/tls} adds. */
    public static JsonNode ofSecrets() {
        try {
            var component = YAML.readTree(
                    MANIFESTS.resolve("components/tls/kustomization.yaml").toFile());
            var added = YAML.readTree(component.at("/patches/0/patch").asText()).at("/0/value");
            var role = YAML.createObjectNode().put("kind", "ClusterRole");
            role.putArray("rules").add(added);
            return role;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Roles and cluster roles in a file of {@code k8s}. */
    public static List<JsonNode> roles(String file) {
        try (var documents = YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(MANIFESTS.resolve(file).toFile())) {
            var roles = documents.readAll().stream()
                    .filter(each -> each.path("kind").asText().endsWith("Role"))
                    .toList();
            if (roles.isEmpty()) {
                throw new IllegalStateException("no role in " + file);
            }
            return roles;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

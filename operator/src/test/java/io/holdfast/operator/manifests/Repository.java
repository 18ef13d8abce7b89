package io.holdfast.operator.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of the repository, and the YAML documents in them. */
public final class Repository {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Repository() {}

    /** A file or directory by its path from the root. */
    public static Path file(String path) {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("k8s/sidecar"))) {
            root = root.getParent();
        }
        return root.resolve(path);
    }

    /** The documents of a file in order; empty ones are left out. */
    public static List<JsonNode> documents(Path file) throws IOException {
        return documents(Files.readString(file));
    }

    /** The documents of a text in order; empty ones are left out. */
    public static List<JsonNode> documents(String text) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.isObject()) {
                    all.add(document);
                }
            }
        }
        return all;
    }
}

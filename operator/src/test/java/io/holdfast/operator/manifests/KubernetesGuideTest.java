package io.holdfast.operator.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.holdfast.operator.plan.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/kubernetes.md: its manifests, its tables of columns, its reasons and its links. */
class KubernetesGuideTest {

    private static final Path PAGE = Repository.file("docs/kubernetes.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern CONDITION =
            Pattern.compile("\\.status\\.conditions\\[\\?\\(@\\.type==\"(\\w+)\"\\)]\\.(\\w+)");

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(PAGE);
    }

    private static List<String> blocks(String language) {
        return BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    @Test
    void everyManifestIsOneThatIsTaken() throws IOException {
        Models models = new Models();
        List<String> yaml = blocks("yaml");
        assertTrue(yaml.size() >= 5, "the page has manifests");
        for (String block : yaml) {
            for (JsonNode object : Repository.documents(block)) {
                assertEquals("", models.problem(object).orElse(""), block);
            }
        }
    }

    @Test
    void everyTableIsThatOfTheDefinitions() throws IOException {
        List<String> shown = blocks("text").stream()
                .filter(block -> block.matches("(?s)\\$ kubectl get (lkc|lko|lkb|lks|lkp) -n shop\\n.*"))
                .toList();
        List<String> made = new ArrayList<>();
        try (var tables = KubernetesGuideTest.class.getResourceAsStream("/kubernetes-guide.yaml")) {
            for (JsonNode table : new YAMLMapper().readTree(tables)) {
                made.add("$ " + table.path("command").asText() + "\n" + table(table.path("objects")));
            }
        }
        assertEquals(String.join("\n", made), String.join("\n", shown));
    }

    /** As kubectl prints objects of one kind. */
    private static String table(JsonNode objects) throws IOException {
        List<JsonNode> columns = columns(objects.get(0).path("kind").asText());
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("NAME"));
        columns.forEach(column -> head.add(column.path("name").asText().toUpperCase(Locale.ROOT)));
        rows.add(head);
        for (JsonNode object : objects) {
            List<String> row =
                    new ArrayList<>(List.of(object.at("/metadata/name").asText()));
            columns.forEach(
                    column -> row.add(value(object, column.path("jsonPath").asText())));
            rows.add(row);
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int at = i;
                int width = rows.stream()
                                .mapToInt(other -> other.get(at).length())
                                .max()
                                .orElse(0)
                        + 3;
                line.append(row.get(i)).append(" ".repeat(width - row.get(i).length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static List<JsonNode> columns(String kind) throws IOException {
        try (Stream<Path> files = Files.list(Repository.file("k8s/crds"))) {
            for (Path file : files.toList()) {
                for (JsonNode definition : Repository.documents(file)) {
                    if (definition.at("/spec/names/kind").asText().equals(kind)) {
                        List<JsonNode> columns = new ArrayList<>();
                        definition
                                .at("/spec/versions/0/additionalPrinterColumns")
                                .forEach(column -> {
                                    if (column.path("priority").asInt() == 0) {
                                        columns.add(column);
                                    }
                                });
                        return columns;
                    }
                }
            }
        }
        throw new AssertionError("there is no definition of " + kind);
    }

    private static String value(JsonNode object, String path) {
        if (path.equals(".metadata.creationTimestamp")) {
            return object.path("age").asText();
        }
        Matcher condition = CONDITION.matcher(path);
        if (condition.matches()) {
            for (JsonNode one : object.at("/status/conditions")) {
                if (one.path("type").asText().equals(condition.group(1))) {
                    return one.path(condition.group(2)).asText();
                }
            }
            return "";
        }
        return object.at(path.replace('.', '/')).asText();
    }

    @Test
    void everyReasonOfAWaitIsExplained() {
        for (Action.Reason reason : Action.Reason.values()) {
            assertTrue(page.contains("`" + reason.text() + "`"), reason.text() + " is not on the page");
        }
    }

    @Test
    void everyFileAndEveryRenderedFolderIsThere() {
        Matcher link = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)").matcher(page);
        while (link.find()) {
            assertTrue(Files.exists(PAGE.resolveSibling(link.group(1))), link.group(1));
        }
        Matcher folder = Pattern.compile("-k (k8s/[\\w/-]+)").matcher(page);
        int folders = 0;
        while (folder.find()) {
            folders++;
            assertTrue(Files.exists(Repository.file(folder.group(1)).resolve("kustomization.yaml")), folder.group(1));
        }
        assertTrue(folders >= 3);
    }
}

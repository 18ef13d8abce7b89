package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each row of the recipe table names a test that exists or says why there is none, and only calls that are served. */
class RecipeTableTest {

    private static final Path PAGE = Path.of("../../docs/api.md");
    private static final Path DESCRIPTION = Path.of("../../docs/openapi.yaml");
    private static final String BEGIN = "## Coming from another lock service";
    private static final Pattern TEST = Pattern.compile("`([a-z]\\w+)`");
    private static final Pattern CALL =
            Pattern.compile("\\b(GET|POST|PUT|PATCH|DELETE) (/v1/[^\\s`?]+)(?:\\?([^`]+))?");

    private static List<String> section() throws IOException {
        var lines = Files.readAllLines(PAGE);
        var begin = lines.indexOf(BEGIN);
        assertTrue(begin >= 0, () -> BEGIN + " is not in " + PAGE);
        return lines.stream()
                .skip(begin + 1L)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
    }

    /** The cells of each row: there, here, test. */
    private static List<List<String>> rows() throws IOException {
        var rows = new ArrayList<List<String>>();
        for (var line : section()) {
            if (line.startsWith("|") && !line.startsWith("| there |") && !line.startsWith("|---")) {
                rows.add(Stream.of(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList());
            }
        }
        return rows;
    }

    private static Set<String> testsThatRun() {
        return Stream.of(RecipesIT.class.getDeclaredClasses())
                .filter(nested -> nested.isAnnotationPresent(Nested.class))
                .flatMap(nested -> Stream.of(nested.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(java.lang.reflect.Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRowHasATestThatRunsOrSaysWhyThereIsNone() throws IOException {
        var tests = testsThatRun();
        var wrong = new ArrayList<List<String>>();
        for (var row : rows()) {
            var proof = row.size() == 3 ? row.get(2) : "";
            var named = TEST.matcher(proof).matches() && tests.contains(proof.replace("`", ""));
            var none = proof.startsWith("none: ") && row.get(1).isEmpty();
            if (!(named && !row.get(1).isEmpty()) && !none) {
                wrong.add(row);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(rows().size() > 100, () -> "a table that was not read proves nothing");
    }

    @Test
    void everyRecipeThatIsTestedIsNamedOnThePage() throws IOException {
        var named = TEST.matcher(String.join("\n", section()))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
        var unnamed = testsThatRun();
        unnamed.removeAll(named);
        assertEquals(Set.of(), unnamed);
    }

    @Test
    void everyCallOfTheTableIsServedWithItsParameters() throws IOException {
        var paths = new ObjectMapper(new YAMLFactory())
                .readTree(DESCRIPTION.toFile())
                .get("paths");
        var unknown = new ArrayList<String>();
        for (var row : rows()) {
            for (var call : CALL.matcher(row.get(1)).results().toList()) {
                var served = paths.path(call.group(2)).path(call.group(1).toLowerCase(java.util.Locale.ROOT));
                var parameters = served.path("parameters").findValuesAsText("name");
                if (served.isMissingNode() || !parameters.containsAll(query(call))) {
                    unknown.add(call.group());
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    private static List<String> query(MatchResult call) {
        return call.group(3) == null
                ? List.of()
                : Stream.of(call.group(3).split("&"))
                        .map(pair -> pair.replaceAll("=.*", ""))
                        .toList();
    }
}

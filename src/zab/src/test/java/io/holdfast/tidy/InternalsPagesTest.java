package io.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages under docs lead where they say, and docs/internals says what the sources say. */
class InternalsPagesTest {

    private static final Path ROOT = TidyTest.root();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");
    private static final Pattern ID = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final Pattern CITATION = Pattern.compile("([\\w-]+\\.md)#([\\w-]+)");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");

    /** Pages of this repository, by path from its root. */
    private static final Map<Path, String> PAGES = new TreeMap<>();

    @BeforeAll
    static void readThePages() throws IOException {
        for (Path page : JavaSource.filesOf(ROOT, ".md")) {
            PAGES.put(page, CODE_BLOCK.matcher(Files.readString(page)).replaceAll(""));
        }
        assertTrue(PAGES.size() > 10, () -> "the scan of the repository found " + PAGES.size() + " pages only");
    }

    @Test
    void everyLinkLeadsToAFileAndAnAnchor() {
        List<String> broken = new ArrayList<>();
        PAGES.forEach((page, text) -> {
            if (page.startsWith(DOCS) || page.getParent().equals(ROOT)) {
                LINK.matcher(text).results().map(link -> link.group(1)).forEach(target -> {
                    if (!target.contains("://") && !target.startsWith("mailto:") && !leads(page, target)) {
                        broken.add(ROOT.relativize(page) + ": " + target);
                    }
                });
            }
        });
        assertEquals(List.of(), broken, "links that lead nowhere");
    }

    @Test
    void everyCitationInSourcesHasAnAnchor() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path source : JavaSource.filesOf(ROOT, ".java", ".txt", ".md", ".properties", ".xml")) {
            CITATION.matcher(Files.readString(source)).results().forEach(citation -> {
                boolean known = PAGES.keySet().stream()
                        .filter(page -> page.startsWith(DOCS) && page.endsWith(citation.group(1)))
                        .anyMatch(page -> anchors(page).contains(citation.group(2)));
                if (!known) {
                    broken.add(ROOT.relativize(source) + ": " + citation.group());
                }
            });
        }
        assertEquals(List.of(), broken, "citations of pages under docs without an anchor");
    }

    @Test
    void theTableOfMessagesHasTheirCodes() throws IOException {
        assertEquals(
                constants("src/zab/src/main/java/io/holdfast/zab/net/MessageCode.java"),
                rows("Message codes"),
                "the table of messages in docs/internals/formats.md");
    }

    @Test
    void theTableOfCommandsHasTheirKinds() throws IOException {
        assertEquals(
                constants("src/lock/src/main/java/io/holdfast/lock/CommandKind.java"),
                rows("Commands"),
                "the table of commands in docs/internals/formats.md");
    }

    private static boolean leads(Path page, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(path)) {
            return false;
        }
        return hash < 0 || !PAGES.containsKey(path) || anchors(path).contains(target.substring(hash + 1));
    }

    /** Returns what a link to a page can name: the ids in it, and its headings as they are made into ids. */
    private static Set<String> anchors(Path page) {
        String text = PAGES.get(page);
        Set<String> anchors = new HashSet<>();
        ID.matcher(text).results().map(id -> id.group(1)).forEach(anchors::add);
        for (Matcher heading = HEADING.matcher(text); heading.find(); ) {
            String plain = heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
            String slug = plain.strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            String unique = slug;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = slug + "-" + i;
            }
        }
        return anchors;
    }

    /** Returns the int constants of a class, by name. */
    private static Map<String, Integer> constants(String source) throws IOException {
        return numbers(Pattern.compile("static final int (\\w+) = (\\d+);")
                .matcher(Files.readString(ROOT.resolve(source)))
                .results()
                .toList());
    }

    /** Returns the rows of the first table under a heading of formats.md that begin with a number and a name. */
    private static Map<String, Integer> rows(String heading) {
        String page = PAGES.get(DOCS.resolve("internals/formats.md"));
        String section = page.substring(page.indexOf("# " + heading + "\n") + heading.length());
        int end = section.indexOf("\n#");
        Map<String, Integer> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| (\\d+) \\| `(\\w+)` \\|")
                .matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .forEach(row -> rows.put(row.group(2), Integer.valueOf(row.group(1))));
        return rows;
    }

    private static Map<String, Integer> numbers(List<MatchResult> constants) {
        Map<String, Integer> numbers = new TreeMap<>();
        constants.forEach(constant -> numbers.put(constant.group(1), Integer.valueOf(constant.group(2))));
        return numbers;
    }
}

package io.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Links of the pages under docs have targets, and docs/internals agrees with the sources. */
class InternalsPagesTest {

    private static final Path ROOT = TidyTest.root();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");
    private static final Pattern ID = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final Pattern CITATION = Pattern.compile("(?<![\\w-])([\\w-]++\\.md)#([\\w-]+)");
    private static final Pattern RULE = Pattern.compile("[a-z]\\d+");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");

    /** Pages of this repository, by path from its root. */
    private static final Map<Path, String> PAGES = new TreeMap<>();

    private static final Map<Path, Set<String>> ANCHORS = new HashMap<>();

    /** Java sources, but for those of this package, whose texts are about citations. */
    private static final Map<Path, String> SOURCES = new TreeMap<>();

    @BeforeAll
    static void readThePages() throws IOException {
        for (Path page : JavaSource.filesOf(ROOT, ".md")) {
            PAGES.put(page, CODE_BLOCK.matcher(Files.readString(page)).replaceAll(""));
        }
        for (Path source : JavaSource.filesOf(ROOT, ".java")) {
            if (!source.getParent().endsWith("tidy")) {
                SOURCES.put(source, Files.readString(source));
            }
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
    void everyCitationInSourcesHasAnAnchor() {
        List<String> broken = new ArrayList<>();
        for (Map<Path, String> texts : List.of(PAGES, SOURCES)) {
            texts.forEach((source, text) -> CITATION.matcher(text).results().forEach(citation -> {
                if (!isAnchor(citation.group(1), citation.group(2))) {
                    broken.add(ROOT.relativize(source) + ": " + citation.group());
                }
            }));
        }
        assertEquals(List.of(), broken, "citations of pages under docs without an anchor");
    }

    @Test
    void everyRuleIsCitedByCodeOrListedAsNotCited() {
        Set<String> cited = new TreeSet<>();
        SOURCES.values()
                .forEach(text -> CITATION.matcher(text)
                        .results()
                        .filter(citation -> citation.group(1).equals("protocol.md")
                                && RULE.matcher(citation.group(2)).matches())
                        .forEach(citation -> cited.add(citation.group(2))));
        Set<String> listed = new TreeSet<>();
        Pattern.compile("(?m)^- `(\\w+)`:")
                .matcher(section("internals/protocol.md", "Rules that code does not cite"))
                .results()
                .forEach(rule -> listed.add(rule.group(1)));
        Set<String> both = new TreeSet<>(cited);
        both.retainAll(listed);
        assertEquals(Set.of(), both, "rules that are cited, and listed as not cited");
        cited.addAll(listed);
        assertEquals(rules(), cited, "the rules of protocol.md, and those that code cites or the page lists");
    }

    @Test
    void commentsCiteRulesInOneForm() {
        String codes = String.join("|", rules()).toUpperCase(Locale.ROOT);
        List<String> bare = comments(Pattern.compile("\\b(?<![#.{$\"-])(" + codes + ")(?!\\w|\\.\\w)"));
        assertEquals(List.of(), bare, "rules without the page: write protocol.md#t8 for T8");
    }

    @Test
    void commentsNamePagesAndDecisionsThatAreHere() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path page : PAGES.keySet()) {
            names.add(Pattern.quote(page.getFileName().toString()));
            names.add("decisions? " + page.getFileName().toString().replaceAll("\\D.*", "") + "(?!\\d)");
        }
        Pattern any = Pattern.compile("(?<![\\w-])[\\w-]++\\.md\\b|\\bdecisions? \\d{4}");
        Pattern known = Pattern.compile(String.join("|", names));
        List<String> unknown = new ArrayList<>();
        for (String comment : comments(any)) {
            if (any.matcher(known.matcher(comment).replaceAll("")).find()) {
                unknown.add(comment);
            }
        }
        assertEquals(List.of(), unknown, "pages and decisions that are not in this repository");
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

    private static boolean isAnchor(String name, String anchor) {
        return PAGES.keySet().stream()
                .filter(page -> page.startsWith(DOCS) && page.endsWith(name))
                .anyMatch(page -> anchors(page).contains(anchor));
    }

    /** Returns the ids on the page of the protocol that are rules: a letter and a number. */
    private static Set<String> rules() {
        Set<String> rules = new TreeSet<>();
        ID.matcher(PAGES.get(DOCS.resolve("internals/protocol.md")))
                .results()
                .filter(id -> RULE.matcher(id.group(1)).matches())
                .forEach(id -> rules.add(id.group(1)));
        return rules;
    }

    /** Returns the lines of comments in Java sources in which a pattern is found. */
    private static List<String> comments(Pattern pattern) {
        List<String> found = new ArrayList<>();
        SOURCES.forEach((source, text) -> {
            for (Matcher match = pattern.matcher(text); match.find(); ) {
                int start = text.lastIndexOf('\n', match.start()) + 1;
                int end = text.indexOf('\n', match.start());
                String line = text.substring(start, end).strip();
                if (line.startsWith("*") || line.startsWith("/*") || line.startsWith("//")) {
                    found.add(ROOT.relativize(source) + ": " + line);
                }
            }
        });
        return found;
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

    private static Set<String> anchors(Path page) {
        return ANCHORS.computeIfAbsent(page, added -> anchorsOf(PAGES.get(added)));
    }

    /** Returns what a link to a page can name: the ids in it, and its headings as they are made into ids. */
    private static Set<String> anchorsOf(String text) {
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
        Map<String, Integer> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| (\\d+) \\| `(\\w+)` \\|")
                .matcher(section("internals/formats.md", heading))
                .results()
                .forEach(row -> rows.put(row.group(2), Integer.valueOf(row.group(1))));
        return rows;
    }

    /** Returns what follows a heading, up to the next. */
    private static String section(String page, String heading) {
        String text = PAGES.get(DOCS.resolve(page));
        int start = text.indexOf("# " + heading + "\n");
        assertTrue(start >= 0, () -> page + " has no heading " + heading);
        int end = text.indexOf("\n#", start);
        return end < 0 ? text.substring(start) : text.substring(start, end);
    }

    private static Map<String, Integer> numbers(List<MatchResult> constants) {
        Map<String, Integer> numbers = new TreeMap<>();
        constants.forEach(constant -> numbers.put(constant.group(1), Integer.valueOf(constant.group(2))));
        return numbers;
    }
}

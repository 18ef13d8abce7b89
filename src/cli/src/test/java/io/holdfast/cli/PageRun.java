package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a page, run in order in this process: {@code holdfast WORD…}, or {@code NAME=$(holdfast …)} with
 * {@code | jq -r .FIELD} behind it, and {@code # CODE} where the exit code is not 0.
 */
final class PageRun {

    private static final Pattern LINE = Pattern.compile("(?:(?<name>[A-Z]+)=\\$\\()?holdfast (?<words>[^|#)]+?)"
            + "(?: \\| jq -r \\.(?<field>\\w+))?\\)?(?:\\s+# (?<code>\\d+))?");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final Path home;
    private final Path page;
    private final Map<String, String> meanings = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, String> outputs = new TreeMap<>();
    private int ran;

    PageRun(Path home, Path page) {
        this.home = home;
        this.page = page;
    }

    /** Has a text of the page stand for another. */
    void means(String text, String meaning) {
        meanings.put(text, meaning);
    }

    int ran() {
        return ran;
    }

    /** What a command of the page printed. */
    String output(String command) {
        return outputs.getOrDefault(command, "");
    }

    void run() throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                run(line);
            }
        }
    }

    private void run(String line) throws IOException {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new AssertionError("not a command that this test runs: " + line);
        }
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(parts.group("words"));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : expanded(word.group(2)));
        }
        Run run = new Run(home).words(words.toArray(String[]::new));
        int code = parts.group("code") == null ? 0 : Integer.parseInt(parts.group("code"));
        assertEquals(code, run.code(), line + "\n" + run);
        outputs.put(line, run.out());
        if (parts.group("name") != null) {
            String field = parts.group("field");
            variables.put(parts.group("name"), field == null ? run.out().strip() : field(run.out(), field));
        }
        ran++;
    }

    private String expanded(String word) {
        String text = word;
        for (Map.Entry<String, String> meaning : meanings.entrySet()) {
            text = text.replace(meaning.getKey(), meaning.getValue());
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text = text.replace("$" + variable.getKey(), variable.getValue());
        }
        return text;
    }

    private static String field(String document, String field) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(document)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals(field)) {
                    parser.nextToken();
                    return parser.getText();
                }
            }
        }
        throw new AssertionError("no " + field + " in " + document);
    }
}

package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the commands of the API page in order, as a shell would, and compares the status that each says it has. */
@QuarkusTest
class ApiPageTest {

    private static final Path PAGE = Path.of("../../docs/api.md");
    private static final Pattern COMMAND =
            Pattern.compile("(?:([A-Z]+)=\\$\\()?curl -s (.*?)(?: \\| jq -r \\.([a-zA-Z]+)\\))?  # (\\d{3})");
    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\$[A-Z]+|[^\\s'$]+)+");
    private static final Pattern PART = Pattern.compile("'([^']*)'|\\$([A-Z]+)|([^'$]+)");

    @Test
    void everyCommandOfTheApiPageAnswersAsThePageSays() throws IOException {
        Map<String, String> variables = new TreeMap<>();
        int run = 0;
        for (String line : commands()) {
            var command = COMMAND.matcher(line);
            assertTrue(command.matches(), () -> "not of the form that this test runs: " + line);
            Response answer = curl(words(command.group(2), variables));
            assertEquals(
                    Integer.parseInt(command.group(4)), answer.statusCode(), () -> line + "\n" + answer.asString());
            if (command.group(1) != null) {
                variables.put(command.group(1), answer.jsonPath().getString(command.group(3)));
            }
            if (variables.containsKey("SESSION")) {
                // As its client would meanwhile; the page ends it in between.
                given().post("/v1/sessions/{id}/keepalive", variables.get("SESSION"));
            }
            run++;
        }
        assertTrue(run > 15, "only " + run + " commands were found");
    }

    private static List<String> commands() throws IOException {
        var commands = new ArrayList<String>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                commands.add(line);
            }
        }
        return commands;
    }

    private static List<String> words(String text, Map<String, String> variables) {
        return WORD.matcher(text)
                .results()
                .map(word -> PART.matcher(word.group())
                        .replaceAll(part -> java.util.regex.Matcher.quoteReplacement(
                                part.group(1) != null
                                        ? part.group(1)
                                        : part.group(2) != null ? variables.get(part.group(2)) : part.group(3))))
                .toList();
    }

    private static Response curl(List<String> words) {
        var request = given().urlEncodingEnabled(false);
        String method = "GET";
        String target = "";
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-X" -> method = words.get(++i);
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    request.header(header[0], header[1]);
                }
                case "-d" -> request.body(words.get(++i));
                default -> target = words.get(i).replace("localhost:7100", "");
            }
        }
        return request.request(method, target);
    }
}

package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which objects a list, a watch, a budget or a service means. */
final class Selector implements Predicate<JsonNode> {

    static final Selector ALL = new Selector(List.of());

    private static final Pattern COMMA_OUTSIDE_OF_SETS = Pattern.compile(",(?![^()]*\\))");
    private static final Pattern IN_SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern EQUALS = Pattern.compile("([^!=]+)(!=|==?)(.*)");

    private final List<Predicate<JsonNode>> all;

    private Selector(List<Predicate<JsonNode>> all) {
        this.all = all;
    }

    @Override
    public boolean test(JsonNode object) {
        return all.stream().allMatch(each -> each.test(object));
    }

    /** Of the parameters {@code labelSelector} and {@code fieldSelector}. */
    static Selector of(@Nullable String labels, @Nullable String fields) {
        var all = new ArrayList<Predicate<JsonNode>>();
        for (var term : terms(labels)) {
            all.add(label(term));
        }
        for (var term : terms(fields)) {
            all.add(field(term));
        }
        return new Selector(all);
    }

    /** Of a {@code LabelSelector} in an object. */
    static Selector of(JsonNode selector) {
        var all = new ArrayList<Predicate<JsonNode>>();
        selector.path("matchLabels")
                .properties()
                .forEach(each ->
                        all.add(label(each.getKey() + "=" + each.getValue().asText())));
        for (var expression : selector.path("matchExpressions")) {
            all.add(expression(expression));
        }
        return new Selector(all);
    }

    private static Predicate<JsonNode> expression(JsonNode expression) {
        var key = expression.path("key").asText();
        var values = new ArrayList<String>();
        expression.path("values").forEach(value -> values.add(value.asText()));
        return switch (expression.path("operator").asText()) {
            case "In" -> object -> values.contains(label(object, key));
            case "NotIn" -> object -> !values.contains(label(object, key));
            case "Exists" -> object -> label(object, key) != null;
            default -> object -> label(object, key) == null;
        };
    }

    private static List<String> terms(@Nullable String text) {
        return text == null || text.isBlank()
                ? List.of()
                : COMMA_OUTSIDE_OF_SETS.splitAsStream(text).map(String::strip).toList();
    }

    private static Predicate<JsonNode> label(String term) {
        var set = IN_SET.matcher(term);
        if (set.matches()) {
            var values = Pattern.compile(",")
                    .splitAsStream(set.group(3))
                    .map(String::strip)
                    .toList();
            var in = set.group(2).equals("in");
            return object -> values.contains(label(object, set.group(1))) == in;
        }
        var equals = EQUALS.matcher(term);
        if (equals.matches()) {
            var key = equals.group(1).strip();
            var value = equals.group(3).strip();
            return object -> value.equals(label(object, key)) != equals.group(2).equals("!=");
        }
        if (term.startsWith("!")) {
            return object -> label(object, term.substring(1).strip()) == null;
        }
        return object -> label(object, term) != null;
    }

    private static @Nullable String label(JsonNode object, String key) {
        var value = object.path("metadata").path("labels").get(key);
        return value == null ? null : value.asText();
    }

    private static Predicate<JsonNode> field(String term) {
        var equals = EQUALS.matcher(term);
        if (!equals.matches()) {
            throw ApiException.badRequest("invalid field selector: " + term);
        }
        var pointer = "/" + equals.group(1).strip().replace('.', '/');
        return object -> object.at(pointer).asText().equals(equals.group(3).strip())
                != equals.group(2).equals("!=");
    }
}

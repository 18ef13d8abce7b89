package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Texts around the grammar of each parameter: what an independent reading of the API page accepts is not refused as
 * invalid, anything else is refused with its field named, and nothing breaks the node.
 */
@QuarkusTest
class RequestGrammarTest {

    private static final int TEXTS = Integer.getInteger("grammar.texts", 60);
    private static final long SEED = Long.getLong("grammar.seed", System.nanoTime());
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:@-]+(/[A-Za-z0-9._:@-]+)*");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9._:@-]+/)*[A-Za-z0-9._:@-]*");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:@-]{1,128}");
    private static final Pattern REVISION = Pattern.compile("([0-9]{1,10})-([0-9]{1,10})");
    private static final Pattern BRIEF = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern ISO = Pattern.compile("PT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]{1,3})?S)?");
    private static final Set<String> RESERVED = Set.of("-", ".", "..");

    private final Random random = new Random(SEED);

    /** Asks with each of many texts made from some that are right. */
    private void judge(
            String field,
            String alphabet,
            List<String> right,
            Predicate<String> isRight,
            Function<String, Response> ask) {
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = i < right.size() ? right.get(i) : changed(right.get(random.nextInt(right.size())), alphabet);
            // An empty query parameter counts as not given.
            boolean good = isRight.test(text) || (text.isEmpty() && isLeftOut(field));
            Response answer = ask.apply(text);
            String shown = "seed " + SEED + ", " + field + " = '" + text + "': " + answer.statusCode() + " "
                    + answer.asString();
            assertTrue(answer.statusCode() < 500, shown);
            if (answer.statusCode() == 400) {
                String type = answer.jsonPath().getString("type");
                assertEquals("urn:holdfast:problem:invalid-request", type, shown);
                // A revision in order may still be one that was never committed.
                boolean ahead = answer.asString().contains("is ahead of all that was committed");
                assertTrue(!good || ahead, () -> "refused: " + shown);
                assertTrue(answer.jsonPath().getList("violations.field").contains(field), shown);
                refused++;
            } else {
                assertTrue(good, () -> "accepted: " + shown);
                accepted++;
            }
        }
        assertTrue(
                accepted > 0 && refused > 0,
                "seed " + SEED + ": " + field + " was " + accepted + " times right and " + refused
                        + " times wrong, which proves nothing");
    }

    private static boolean isLeftOut(String field) {
        return Set.of("prefix", "after", "poll", "changedSince", "since").contains(field);
    }

    private String changed(String text, String alphabet) {
        StringBuilder changed = new StringBuilder(text);
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(changed.length() + 1);
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, c);
                case 1 -> changed.insert(at, changed.toString());
                case 2 -> {
                    if (at < changed.length()) {
                        changed.setCharAt(at, c);
                    }
                }
                default -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(3)));
            }
        }
        return changed.toString();
    }

    private static Response take(Map<String, Object> fields) {
        Map<String, Object> body = new TreeMap<>(Map.of("session", "1-1", "lock", "a"));
        body.putAll(fields);
        if (body.containsKey("locks")) {
            body.remove("lock");
        }
        return given().contentType("application/json").body(json(body)).put("/v1/grants/{id}", fresh("grammar"));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isName(String text) {
        return text.length() <= 512
                && NAME.matcher(text).matches()
                && List.of(text.split("/")).stream().noneMatch(RESERVED::contains);
    }

    private static boolean isId(String text) {
        return ID.matcher(text).matches() && !RESERVED.contains(text);
    }

    private static boolean isRevision(String text) {
        var parts = REVISION.matcher(text);
        return parts.matches()
                && Long.parseLong(parts.group(1)) <= Integer.MAX_VALUE
                && Long.parseLong(parts.group(2)) <= 0xFFFF_FFFFL;
    }

    private static boolean isDuration(String text, Duration max) {
        var brief = BRIEF.matcher(text);
        if (brief.matches()) {
            long unit =
                    Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L).get(brief.group(2));
            return Long.parseLong(brief.group(1)) * unit <= max.toMillis();
        }
        boolean overlong = Pattern.compile("[0-9]{10}").matcher(text).find();
        return !overlong && ISO.matcher(text).matches() && Duration.parse(text).compareTo(max) <= 0;
    }

    @Test
    void namesOfLocks() {
        judge(
                "lock",
                "aZ9._:@-/ %\\\u00e4\u0000+?",
                List.of("a", "payments/eu-1", "x.y:z@w/-a/b", "a/..b"),
                RequestGrammarTest::isName,
                text -> take(Map.of("lock", text)));
    }

    @Test
    void prefixesAndCursorsOfLocks() {
        Predicate<String> isPrefix =
                text -> text.length() <= 512 && PREFIX.matcher(text).matches();
        for (String field : List.of("prefix", "after")) {
            judge(
                    field,
                    "aZ9._:@-/ %\u00e4+&=#",
                    List.of("a", "payments/", "x.y:z@w/-a"),
                    isPrefix,
                    text -> given().queryParam(field, text).get("/v1/locks"));
        }
    }

    @Test
    void cursorsOfSessions() {
        judge(
                "after",
                "0123456789-a ",
                List.of("1-1", "3-1077"),
                text -> text.isEmpty() || (isRevision(text) && !text.matches("0+-0+")),
                text -> given().queryParam("after", text).get("/v1/sessions"));
    }

    @Test
    void waitsAndPolls() {
        List<String> right = List.of("0s", "500ms", "23h", "PT0.5S", "PT1H2M3S");
        judge(
                "wait",
                "0123456789msh PT.HMS-",
                right,
                text -> isDuration(text, Duration.ofHours(24)),
                text -> take(Map.of("wait", text)));
        judge(
                "poll",
                "0123456789msh PT.HMS-",
                List.of("0s", "10ms", "PT0.01S"),
                text -> isDuration(text, Duration.ofSeconds(55)),
                text -> given().queryParam("poll", text).get("/v1/grants/grammar-nobody"));
    }

    @Test
    void revisions() {
        judge(
                "changedSince",
                "0123456789-a +",
                List.of("0-0", "1-2", "0-4294967295"),
                RequestGrammarTest::isRevision,
                text -> given().queryParam("changedSince", text).get("/v1/locks/grammar"));
        judge(
                "since",
                "0123456789-a +",
                List.of("0-0", "1-2"),
                RequestGrammarTest::isRevision,
                text -> given().accept("application/json")
                        .queryParam("since", text)
                        .get("/v1/events"));
    }

    @Test
    void lastEventIds() {
        judge(
                "Last-Event-ID",
                "0123456789-ax",
                List.of("0-0", "1-2"),
                RequestGrammarTest::isRevision,
                text -> given().accept("application/json")
                        .header("Last-Event-ID", text)
                        .get("/v1/events"));
    }

    @Test
    void idempotencyKeys() {
        judge(
                "Idempotency-Key",
                "aZ9._:@-/%+*",
                List.of("a", "billing-7f9c.1"),
                RequestGrammarTest::isId,
                text -> given().header("Idempotency-Key", text).post("/v1/sessions"));
    }

    @Test
    void modes() {
        judge(
                "mode",
                "exclusivharedXS ",
                List.of("exclusive", "shared", "semaphore"),
                Set.of("exclusive", "shared", "semaphore")::contains,
                text -> take(text.equals("semaphore") ? Map.of("mode", text, "limit", 1) : Map.of("mode", text)));
    }

    @Test
    void setsOfLocks() {
        for (int i = 0; i < TEXTS; i++) {
            int size = random.nextInt(4) == 0 ? 60 + random.nextInt(10) : random.nextInt(4);
            List<Map<String, String>> locks = random.ints(size, 0, size < 10 ? 6 : 100_000)
                    .mapToObj(n -> Map.of("name", n == 0 ? "no/" : "l" + n))
                    .toList();
            Set<String> names = new TreeSet<>();
            locks.forEach(lock -> names.add(lock.get("name")));
            boolean good = size >= 1 && size <= 64 && names.size() == size && !names.contains("no/");
            Response answer = take(Map.of("locks", locks));
            String shown = "seed " + SEED + ", " + locks + ": " + answer.statusCode() + " " + answer.asString();
            assertTrue(answer.statusCode() < 500, shown);
            assertEquals(good, answer.statusCode() != 400, shown);
            if (!good) {
                List<String> fields = answer.jsonPath().getList("violations.field");
                assertTrue(fields.stream().allMatch(field -> field.startsWith("locks")), shown);
            }
        }
    }
}

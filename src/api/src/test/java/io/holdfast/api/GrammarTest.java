package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Durations, lock names, ids and revisions. */
class GrammarTest {

    @Test
    void durationsAreReadInBothForms() {
        assertEquals(Optional.of(Duration.ofMillis(500)), Durations.parse("500ms"));
        assertEquals(Optional.of(Duration.ofSeconds(15)), Durations.parse("15s"));
        assertEquals(Optional.of(Duration.ofMinutes(2)), Durations.parse("2m"));
        assertEquals(Optional.of(Duration.ofHours(1)), Durations.parse("1h"));
        assertEquals(Optional.of(Duration.ofMinutes(90)), Durations.parse("PT1H30M"));
        assertEquals(Optional.of(Duration.ofMillis(1_050)), Durations.parse("PT1.05S"));
        for (String wrong : List.of(
                "",
                "5",
                "s",
                "-5s",
                "+5s",
                " 5s",
                "5 s",
                "5S",
                "5d",
                "1.5s",
                "PT",
                "pt5s",
                "P1D",
                "PT5",
                "PT1.2345S",
                "1234567890s",
                "\u0665s",
                "5s5s")) {
            assertEquals(Optional.empty(), Durations.parse(wrong), wrong);
        }
    }

    @Test
    void aDurationIsWrittenAsItIsRead() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            Duration duration = Duration.ofMillis(random.nextLong(1L << (1 + random.nextInt(50))));
            assertEquals(Optional.of(duration), roundTrip(duration), () -> Durations.text(duration));
        }
        assertEquals("0s", Durations.text(Duration.ZERO));
        assertEquals("1500ms", Durations.text(Duration.ofMillis(1500)));
        assertThrows(IllegalArgumentException.class, () -> Durations.text(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> Durations.text(Duration.ofNanos(1)));
        assertThrows(IllegalArgumentException.class, () -> Durations.text(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(
                IllegalArgumentException.class, () -> Durations.text(Duration.ofSeconds(Long.MAX_VALUE, 1_000_000)));
    }

    private static Optional<Duration> roundTrip(Duration duration) {
        try {
            return Durations.parse(Durations.text(duration));
        } catch (IllegalArgumentException e) {
            return duration.toSeconds() > 999_999_999 ? Optional.of(duration) : Optional.empty();
        }
    }

    @Test
    void namesHaveOneSpelling() {
        for (String good : List.of(
                "a",
                "payments/settlement/2026-11",
                "a--b",
                "-a/b-",
                "a:b@c.d_e",
                "~7E",
                "~C3~BC",
                "x/~20",
                "x".repeat(512),
                "..")) {
            assertNull(LockNames.problem(good), good);
        }
        for (String bad : List.of(
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                "-",
                "a/-/b",
                "a/-",
                "a b",
                "\u00fc",
                "~",
                "~7",
                "~7e",
                "~61",
                "~2F",
                "~C3",
                "~C3~",
                "~C3~BCx~",
                "~C0~80",
                "~ED~A0~80",
                "~F8~88~80~80~80",
                "~FF",
                "x".repeat(513))) {
            assertNotNull(LockNames.problem(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> LockNames.require("a b"));
    }

    @Test
    void everyTextHasAnEscapedFormThatIsItsOwn() {
        assertEquals("M~C3~BCller~7E/~20~F0~9F~94~92", LockNames.escape("M\u00fcller~/ \uD83D\uDD12"));
        assertThrows(IllegalArgumentException.class, () -> LockNames.escape("\uD83D"));
        assertThrows(IllegalArgumentException.class, () -> LockNames.unescape("~61"));
        assertThrows(IllegalArgumentException.class, () -> LockNames.unescape("a b"));
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int c = random.nextInt(6); c >= 0; c--) {
                int codePoint = random.nextInt(1 << (4 + random.nextInt(17)));
                boolean usable = Character.isValidCodePoint(codePoint)
                        && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
                text.appendCodePoint(usable ? codePoint : 'x');
            }
            String name = LockNames.escape(text.toString());
            assertEquals(text.toString(), LockNames.unescape(name));
            String segment = "x" + name.replace('/', '.');
            assertTrue(segment.length() > 512 || LockNames.problem(segment) == null, segment);
        }
    }

    @Test
    void idsHaveNoSlash() {
        assertNull(LockNames.idProblem("close-2026-11"));
        assertNull(LockNames.idProblem("x".repeat(128)));
        for (String bad : List.of("", "a/b", "~7E", "a b", "x".repeat(129))) {
            assertNotNull(LockNames.idProblem(bad), bad);
        }
    }

    @Test
    void revisionsAreReadAsTheyAreWritten() {
        for (String text : List.of("0-0", "3-1077", "2147483647-4294967295")) {
            assertEquals(text, Revision.parse(text).toString());
        }
        for (String wrong : List.of(
                "",
                "-",
                "3",
                "3-",
                "-3",
                "3-1-1",
                "a-1",
                "+3-1",
                "3- 1",
                "2147483648-0",
                "0-4294967296",
                "00000000000-1",
                "99999999999999999999-1")) {
            assertThrows(IllegalArgumentException.class, () -> Revision.parse(wrong), wrong);
        }
        assertTrue(Revision.parse("3-9").compareTo(Revision.parse("3-10")) < 0);
        assertTrue(Revision.parse("4-0").compareTo(Revision.parse("3-4294967295")) > 0);
        assertEquals(0, Revision.ZERO.compareTo(Revision.parse("0-0")));
    }

    @Test
    void streamsAreReadLineByLine() throws Exception {
        SseParser parser = new SseParser();
        assertNull(parser.line("retry: 1000"));
        assertNull(parser.line(""));
        assertNull(parser.line(": a comment"));
        assertNull(parser.line("id: 3-1"));
        assertNull(parser.line("event: change"));
        assertNull(parser.line("data: {"));
        assertNull(parser.line("data:}"));
        assertNull(parser.line("of-tomorrow: x"));
        assertEquals(new SseMessage("3-1", "change", "{\n}"), parser.line(""));
        assertNull(parser.line("data: x"));
        assertEquals(new SseMessage(null, "message", "x"), parser.line(""));
        SseParser bounded = new SseParser();
        String line = "data: " + "x".repeat(1 << 20);
        assertThrows(MalformedJsonException.class, () -> {
            for (int i = 0; i < 100; i++) {
                bounded.line(line);
            }
        });
    }
}

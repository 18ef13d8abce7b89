package io.holdfast.server.rest.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.LockNames;
import io.holdfast.lock.Limits;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    private static final long SEED = 512;
    private static final String ALPHABET = "aZ9._:@-///é ";
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._:@-]+");

    @ParameterizedTest
    @ValueSource(strings = {"a", "payments/settlement/2026-11", "a/b/c", "--", "a-", ".hidden", "...", "x@y:z_1.2-3"})
    void theseAreLockNames(String name) {
        assertEquals(Optional.empty(), Texts.lockName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "a/", "/a", "a//b", "-", "a/-", "-/a", "a/-/b", ".", "..", "a/../b", "a b", "ä", "a%2Fb", "a\0"
            })
    void theseAreNot(String name) {
        assertTrue(Texts.lockName(name).isPresent());
    }

    /** Clients check names by the grammar of the API before they send them. */
    @Test
    void theLockTableTakesTheNamesThatTheGrammarOfTheApiHas() {
        var random = new Random(SEED);
        int names = 0;
        for (int i = 0; i < 50_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(10); length > 0; length--) {
                text.append("aZ9.:@-/~7E4Ce ä".charAt(random.nextInt(16)));
            }
            String name = text.toString();
            assertEquals(LockNames.problem(name) == null, Limits.lockNameProblem(name) == null, name);
            names += LockNames.problem(name) == null ? 1 : 0;
        }
        assertTrue(names > 1_000, "the generator made only " + names + " names");
    }

    @Test
    void aLockNameHas512CharactersAtMost() {
        assertEquals(Optional.empty(), Texts.lockName("x".repeat(512)));
        assertTrue(Texts.lockName("x".repeat(513)).orElseThrow().contains("512"));
    }

    @Test
    void theRuleIsTheGrammarAndNeverLooserThanThatOfTheLockTable() {
        var random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            var name = new StringBuilder();
            for (int length = random.nextInt(9); length > 0; length--) {
                name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            boolean expected = true;
            for (String segment : name.toString().split("/", -1)) {
                boolean reserved = segment.equals("-") || segment.equals(".") || segment.equals("..");
                expected &= SEGMENT.matcher(segment).matches() && !reserved;
            }
            assertEquals(expected, Texts.lockName(name.toString()).isEmpty(), () -> "seed " + SEED + ": " + name);
            assertTrue(!expected(name) || Limits.lockNameProblem(name.toString()) == null, name::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "17",
                "\"\"",
                "\"0\"",
                "\"017\"",
                "W/\"17\"",
                "*",
                "\"17\", \"18\"",
                "\"9007199254740992\"",
                "\"-1\""
            })
    void theseNameNoToken(String tag) {
        assertTrue(EntityTags.token(tag).isEmpty());
    }

    @Test
    void theGreatestTokenIsOneBelowTwoToThe53() {
        assertEquals(Limits.TOKEN_MAX, EntityTags.token("\"9007199254740991\"").orElseThrow());
    }

    private static boolean expected(CharSequence name) {
        return Texts.lockName(name.toString()).isEmpty();
    }
}

package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void whatIsGeneratedIsParsed() {
        for (int i = 0; i < 100; i++) {
            KeyText key = KeyText.generate(RANDOM);
            KeyText parsed = KeyText.parse(key.text()).orElseThrow();
            assertEquals(key.id(), parsed.id());
            assertEquals(key.hash(), parsed.hash());
            assertTrue(key.hash().matches("[0-9a-f]{64}"));
            assertFalse(key.toString().contains(key.text().substring(20)));
        }
        assertNotEquals(
                KeyText.generate("ci", RANDOM).text(),
                KeyText.generate("ci", RANDOM).text());
    }

    @Test
    void everyChangeOfOneCharacterIsNoticed() {
        String text = KeyText.generate("ci", RANDOM).text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertTrue(KeyText.parse(changed).isEmpty(), "changed at " + i);
        }
    }

    @Test
    void whatIsCutOrEmptyIsNoKey() {
        String text = KeyText.generate("ci", RANDOM).text();
        for (int length = 0; length < text.length(); length++) {
            assertTrue(KeyText.parse(text.substring(0, length)).isEmpty());
        }
        assertTrue(KeyText.parse(text + "A").isEmpty());
        assertTrue(KeyText.parse(text + "\n").isEmpty());
    }

    @Test
    void anIdHasNoUnderscore() {
        assertThrows(IllegalArgumentException.class, () -> KeyText.generate("a_b", RANDOM));
        assertThrows(IllegalArgumentException.class, () -> KeyText.generate("", RANDOM));
    }
}

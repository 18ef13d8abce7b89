package io.holdfast.operator.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void aTextOfOthersIsOneLine() {
        assertEquals("a b c", Texts.line(" a\n\tb\u0000\r\nc "));
        assertEquals("", Texts.line((String) null));
    }

    @Test
    void andIsCutAtABoundButNotInsideOfACharacter() {
        String line = Texts.line("😀".repeat(100_000));
        assertTrue(line.length() <= Texts.CHARS_MAX);
        assertTrue(line.endsWith("😀…"), line.substring(line.length() - 3));
        assertEquals(Texts.CHARS_MAX, Texts.line("x".repeat(Texts.CHARS_MAX)).length());
        assertTrue(Texts.line("x" + " ".repeat(100_000)).endsWith("…"));
    }

    @Test
    void anExceptionThatSaysNothingIsItsKind() {
        assertEquals("IOException", Texts.line(new IOException()));
        assertEquals("no route", Texts.line(new IOException("no route")));
    }

    @Test
    void ofTheApiServersAnswerOnlyItsMessageIsRepeated() {
        var status = new StatusBuilder().withCode(503).withMessage("no backend").build();
        assertEquals("no backend", Texts.line(new KubernetesClientException("Failure executing", 503, status)));
        assertEquals("closed", Texts.line(new KubernetesClientException("closed")));
    }
}

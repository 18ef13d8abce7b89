package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.net.Complaints.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Strangers neither fill the log nor write into it what looks like a line of its own. */
class ComplaintsTest {

    private final List<String> lines = new ArrayList<>();
    private long now;
    private final Complaints complaints = new Complaints(() -> now, lines::add);

    @Test
    void whateverOnePeerSaysIsOneLineAMinute() {
        for (int i = 0; i < 1_000; i++) {
            complaints.warn(Kind.STRANGER, "a stranger at 10.0.0.9", "said " + i);
        }
        assertEquals(List.of("a stranger at 10.0.0.9: said 0"), lines);
        complaints.warn(Kind.UNREACHABLE, "a stranger at 10.0.0.9", "another kind");
        assertEquals(2, lines.size());
        now += TimeUnit.SECONDS.toNanos(60);
        complaints.warn(Kind.STRANGER, "a stranger at 10.0.0.9", "again");
        assertEquals(3, lines.size());
    }

    @Test
    void manyPeersFillNeitherMemoryNorLog() {
        for (int i = 0; i < 100_000; i++) {
            complaints.warn(Kind.STRANGER, "a stranger at " + i, "hello");
        }
        assertEquals(Complaints.LINES_MAX, lines.size());
        now += TimeUnit.SECONDS.toNanos(60);
        complaints.warn(Kind.STRANGER, "a stranger at 7", "hello");
        assertEquals(Complaints.LINES_MAX + 2, lines.size());
        assertTrue(lines.get(Complaints.LINES_MAX + 1).contains("99744 further"), lines::toString);
    }

    @Test
    void textOfAStrangerIsOneShortLineWithoutEscapeSequences() {
        String text = Printable.of("a\nERROR forged\u001b[31m\\" + "x".repeat(400));
        assertTrue(text.startsWith("a\\u000aERROR forged\\u001b[31m\\u005cxxx"), text);
        assertEquals(Printable.CHARACTERS_MAX + 3, text.length());
        assertFalse(text.contains("\n"));
        assertEquals("h\\u00f6st", Printable.of("h\u00f6st"));
    }
}

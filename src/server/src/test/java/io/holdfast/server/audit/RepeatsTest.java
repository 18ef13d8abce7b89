package io.holdfast.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatsTest {

    private static final long SECOND = 1_000_000_000L;

    private final Repeats repeats = new Repeats();

    private static AuditRecord refused(String lock, String remote) {
        AuditedCall call = new AuditedCall(Operation.of("getLock"), 0);
        call.refused("forbidden", "read", lock);
        var end = new AuditRecord.End(true, 403, 1, null, "0-0", null, new AuditRecord.Origin(remote, "tls", null));
        return new AuditRecord(call, 1, end, 0);
    }

    @Test
    void equalRefusalsAreOneLineAndACount() {
        assertTrue(repeats.isFirst(refused("a", "r"), 0));
        assertFalse(repeats.isFirst(refused("a", "r"), SECOND));
        assertTrue(repeats.isFirst(refused("b", "r"), SECOND), "another lock");
        assertTrue(repeats.isFirst(refused("a", "s"), SECOND), "another client");
        assertFalse(repeats.isFirst(refused("a", "r"), 9 * SECOND));
        assertEquals(List.of(), repeats.over(10 * SECOND - 1));
        List<AuditRecord> over = repeats.over(10 * SECOND);
        assertEquals(1, over.size());
        assertEquals(2, over.get(0).count());
        assertEquals(List.of(), repeats.over(20 * SECOND), "those that were seen once have no second line");
        assertTrue(repeats.isFirst(refused("a", "r"), 20 * SECOND), "a new window");
    }

    @Test
    void kindsBeyondTheBoundAreCountedByTheirProblem() {
        for (int i = 0; i < Repeats.KINDS_MAX; i++) {
            assertTrue(repeats.isFirst(refused("lock-" + i, "r"), 0));
        }
        assertTrue(repeats.isFirst(refused("one", "r"), 0), "the first of all others");
        for (int i = 0; i < 10_000; i++) {
            assertFalse(repeats.isFirst(refused("more-" + i, "r"), 0));
        }
        List<AuditRecord> over = repeats.over(10 * SECOND);
        assertEquals(1, over.size());
        assertEquals(10_000, over.get(0).count());
    }
}

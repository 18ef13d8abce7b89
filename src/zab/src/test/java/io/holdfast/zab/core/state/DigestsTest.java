package io.holdfast.zab.core.state;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import org.junit.jupiter.api.Test;

/** What this server's state was, compared with what a quorum had. */
class DigestsTest {

    private final Digests digests = new Digests();

    @Test
    void theNewestAreKept() {
        assertNull(digests.newest());
        assertNull(digests.floor(new Zxid(9, 9)));
        for (int i = 1; i <= 10_000; i++) {
            digests.taken(digest(i, i));
        }
        assertEquals(digest(10_000, 10_000), digests.newest());
        assertEquals(digest(9_999, 9_999), digests.at(new Zxid(1, 9_999 * 16)));
        assertEquals(digest(9_999, 9_999), digests.floor(new Zxid(1, 9_999 * 16 + 3)));
        assertNull(digests.at(new Zxid(1, 9_999 * 16 + 3)));
        assertNull(digests.at(new Zxid(1, 16)), "not kept any more");
        assertNull(digests.floor(new Zxid(1, 16)));
        digests.replaced();
        assertNull(digests.newest());
    }

    @Test
    void aServerWithAnotherStateThanAQuorumStops() {
        digests.taken(digest(1, 10));
        digests.taken(digest(2, 20));
        assertDoesNotThrow(() -> digests.agreed(digest(2, 20)));
        assertThrows(BrokenInvariantException.class, () -> digests.agreed(digest(1, 11)));
    }

    @Test
    void aServerThatIsBehindComparesWhenItIsThere() {
        digests.taken(digest(1, 10));
        digests.agreed(digest(3, 30));
        digests.agreed(digest(4, 40));
        digests.taken(digest(2, 20));
        assertThrows(BrokenInvariantException.class, () -> digests.taken(digest(3, 31)));
    }

    @Test
    void whatIsNotKeptHereIsNotCompared() {
        digests.agreed(digest(3, 30));
        digests.replaced();
        assertDoesNotThrow(() -> digests.taken(digest(3, 31)));
    }

    private static StateDigest digest(int number, long digest) {
        return new StateDigest(new Zxid(1, number * 16L), digest);
    }
}

package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has to go when too many connections say nothing. */
class StrangersTest {

    private final Strangers<String> strangers = new Strangers<>(Strangers.SILENT_NANOS);

    @Test
    void ofManySilentOnesOfOneAddressTheOldestGoes() {
        for (int i = 0; i < Strangers.SILENT_MAX; i++) {
            assertNull(strangers.enter(("a" + i).intern(), "a", i));
        }
        assertNull(strangers.enter("b", "b", Strangers.SILENT_NANOS + 9), "another address has room of its own");
        assertEquals("a0", strangers.enter("a9", "a", Strangers.SILENT_NANOS + 9));
        strangers.leave("a1");
        assertNull(strangers.enter("a10", "a", Strangers.SILENT_NANOS + 9), "one has greeted");
        assertEquals(Strangers.SILENT_MAX + 1, strangers.size());
    }

    @Test
    void manyThatComeAtOnceFromOneAddressAreNotSilentYet() {
        for (int i = 0; i < 20; i++) {
            assertNull(strangers.enter("m" + i, "one machine", i));
        }
        assertEquals(20, strangers.size());
    }

    @Test
    void aFloodFromOneAddressIsPaidByThatAddress() {
        assertNull(strangers.enter("peer", "p", 0));
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < 10 * Strangers.MAX; i++) {
            String leaving = strangers.enter("f" + i, "f", 1 + i);
            if (leaving != null) {
                gone.add(leaving);
            }
        }
        assertEquals(Strangers.MAX, strangers.size());
        assertEquals(9 * Strangers.MAX + 1, gone.size());
        assertTrue(gone.stream().noneMatch("peer"::equals));
        assertEquals("f0", gone.get(0));
    }

    @Test
    void aFloodFromManyAddressesTakesTheOldest() {
        for (int i = 0; i < Strangers.MAX; i++) {
            assertNull(strangers.enter("s" + i, "address " + i, i));
        }
        assertEquals("s0", strangers.enter("new", "new", 100));
        assertEquals("s1", strangers.enter("newer", "newer", 101));
    }
}

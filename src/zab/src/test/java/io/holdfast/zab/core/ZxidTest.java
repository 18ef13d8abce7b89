package io.holdfast.zab.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zxids order histories, so their order and their forms are exact. */
final class ZxidTest {

    @Test
    void theEpochOutweighsTheCounter() {
        assertTrue(new Zxid(2, 1).isAfter(new Zxid(1, Zxid.MAX_COUNTER)));
        assertTrue(new Zxid(1, 2).isAfter(new Zxid(1, 1)));
    }

    @Test
    void countersHaveNoGapAndBeginAtOneInEachEpoch() {
        assertTrue(new Zxid(3, 8).follows(new Zxid(3, 7)));
        assertFalse(new Zxid(3, 9).follows(new Zxid(3, 7)));
        assertTrue(new Zxid(5, 1).follows(new Zxid(3, 7)));
        assertFalse(new Zxid(5, 2).follows(new Zxid(3, 7)));
        assertFalse(new Zxid(2, 1).follows(new Zxid(3, 7)));
    }

    @Test
    void theLargestZxidSurvivesPacking() {
        Zxid largest = new Zxid(Zxid.MAX_EPOCH, Zxid.MAX_COUNTER);
        assertEquals(largest, Zxid.unpack(largest.packed()));
        assertTrue(largest.packed() > 0);
        assertThrows(IllegalArgumentException.class, largest::next);
    }

    @Test
    void whatIsPrintedIsReadBack() {
        assertEquals(new Zxid(12, 345), Zxid.parse(new Zxid(12, 345).toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "1-2-3",
                "a-1",
                "1-a",
                "+1-2",
                "1--2",
                "9999999999-1",
                "1-4294967296",
                "1 -2",
                "99999999999999999999-1"
            })
    void otherTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Zxid.parse(text));
    }
}

package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.DiskId;
import org.junit.jupiter.api.Test;

/** A second server with a member's id does not throw the member out, and a dead connection keeps nobody out. */
class SuccessionTest {

    private static final DiskId MINE = new DiskId(1, 1);
    private static final DiskId OTHER = new DiskId(2, 2);
    private static final DiskId THIRD = new DiskId(3, 3);

    @Test
    void theMembersConnectionGivesWayToItsOwnOnly() {
        assertTrue(Succession.givesWay(MINE, MINE, MINE, 0));
        assertFalse(Succession.givesWay(MINE, OTHER, MINE, 0));
        assertFalse(Succession.givesWay(MINE, OTHER, MINE, Succession.SILENCE_NANOS));
        assertTrue(Succession.givesWay(MINE, OTHER, MINE, Succession.SILENCE_NANOS + 1), "it may be dead");
    }

    @Test
    void whoIsNotTheMemberGivesWayToAnybody() {
        assertTrue(Succession.givesWay(MINE, MINE, OTHER, 0));
        assertTrue(Succession.givesWay(MINE, THIRD, OTHER, 0));
        assertTrue(Succession.givesWay(null, OTHER, MINE, 0), "no disk is bound yet");
    }
}

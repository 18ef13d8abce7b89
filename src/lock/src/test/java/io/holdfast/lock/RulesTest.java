package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final Command ESCAPED = new Command.AcquireAlone("g", "a~20b", Mode.EXCLUSIVE, 9_000, 0, "", "", 1);

    @Test
    void theLevelIsPartOfTheStateAndNeverFalls() throws IOException {
        LockTable table = new LockTable(1);
        long first = table.digest();
        table.reconfigured(2);
        assertEquals(2, table.rules().level());
        assertEquals(first, table.digest(), "to the table levels 1 and 2 are one");
        table.reconfigured(3);
        assertNotEquals(first, table.digest());
        table.reconfigured(1);
        assertEquals(3, table.rules().level());

        LockTable copy = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)));
        assertEquals(3, copy.rules().level());
        assertEquals(table.digest(), copy.digest());
        assertEquals(new LockTable(3).digest(), table.digest(), "how it came to its level does not matter");
    }

    @Test
    void aLevelOfANewerReleaseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LockTable(4));
        assertThrows(IllegalArgumentException.class, () -> new LockTable().reconfigured(4));
    }

    @Test
    void aCommandAboveTheLevelIsPassedOverUntilTheLevelIsRaised() {
        LockTable table = new LockTable(2);
        Applied passed = table.apply(1, ESCAPED);
        assertInstanceOf(Result.Malformed.class, passed.result());
        assertEquals(0, passed.changes().size());
        assertEquals(1, table.revision());
        assertEquals(0, table.heldCount());

        table.reconfigured(3);
        assertInstanceOf(Result.Granted.class, table.apply(2, ESCAPED).result());
    }
}

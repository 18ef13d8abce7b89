package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class TableSnapshotTest {

    @Test
    void aTableComesBackWithItsQueuesItsMemoryAndItsCounter() throws IOException {
        LockTable table = sample();
        byte[] written = TablePair.snapshot(table);
        LockTable restored = read(written);
        assertArrayEquals(written, TablePair.snapshot(restored));
        assertEquals(table.digest(), restored.digest());
        assertEquals(table.revision(), restored.revision());
        assertEquals(table.lastToken(), restored.lastToken());
        assertEquals(table.lock("l", 9), restored.lock("l", 9));
        assertEquals(table.endedGrant("gone"), restored.endedGrant("gone"));
        // The key of a session that ended is remembered too.
        Command again = new Command.OpenSession("k2", 1000, "", "", 0);
        assertEquals(table.apply(99, again), restored.apply(99, again));
    }

    @Test
    void anEmptyTableHasASnapshot() throws IOException {
        assertEquals(0, read(TablePair.snapshot(new LockTable())).revision());
    }

    /** The bytes of version 3 lie on disks: they must be understood for ever. */
    @Test
    void versionThreeStaysAsItIs() {
        LockTable table = new LockTable(2);
        table.apply(1, new Command.OpenSession("k", 1000, "n", "", 5));
        table.apply(2, new Command.Acquire("g", 1, "l", Mode.EXCLUSIVE, 9, "{}", 6));
        table.apply(3, new Command.Acquire("t", 1, "l", Mode.EXCLUSIVE, 0, "", 7));
        String head = "48464c54" + "0003" + "0000000000000003" + "0000000000000001";
        String sessions = "00000001" + "0000000000000001" + "00016b" + "00016e" + "000003e8" + "0000" + "00000000"
                + "0000000000000005";
        String grants = "00000001" + "000167" + "0000000000000001" + "00027b7d" + "0000000000000002" + "00000009"
                + "0000000000000006" + "0000000000000001" + "0000000000000006" + "01" + "00016c" + "01" + "00"
                + "0001" + "0000" + "00";
        String ended = "00000000" + "00000000" + "00000001" + "000174" + "0000000000000001" + "0000000000000000" + "03"
                + "0000000000000003" + "ffff";
        String hex = HexFormat.of().formatHex(TablePair.snapshot(table));
        assertEquals(head + sessions + grants + ended, hex.substring(0, hex.length() - 24));
        assertEquals("50453352e82da022", hex.substring(hex.length() - 24, hex.length() - 8));
    }

    @Test
    void aSnapshotThatIsCutOffAnywhereIsRefused() {
        byte[] written = TablePair.snapshot(sample());
        for (int length = 0; length < written.length; length++) {
            String message = refused(Arrays.copyOf(written, length));
            assertTrue(message.contains("cut off"), message);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] written = TablePair.snapshot(sample());
        for (int bit = 0; bit < written.length * 8; bit++) {
            byte[] flipped = written.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(refused(flipped).startsWith("the snapshot of the lock table is not usable: "));
        }
    }

    @Test
    void aCountThatCannotBeIsRefusedWithoutRoomForIt() {
        byte[] written = TablePair.snapshot(sample());
        ByteBuffer.wrap(written).putInt(32, Integer.MAX_VALUE);
        refused(written);
        ByteBuffer.wrap(written).putInt(32, -1);
        assertTrue(refused(written).contains("a count is negative"));
    }

    @Test
    void aLaterVersionSaysSo() {
        byte[] written = TablePair.snapshot(sample());
        written[5] = 5;
        assertTrue(refused(written).contains("its version is 5, this release knows 3 to 4"));
    }

    /** A right checksum over wrong content is the work of a defect, not of a disk. */
    @Test
    void aDigestThatIsNotOfTheContentIsRefusedThoughTheChecksumIsRight() {
        byte[] written = TablePair.snapshot(sample());
        written[written.length - 5] ^= 1;
        CRC32C crc = new CRC32C();
        crc.update(written, 0, written.length - 4);
        ByteBuffer.wrap(written).putInt(written.length - 4, (int) crc.getValue());
        assertTrue(refused(written).contains("its digest is not that of its content"));
    }

    @Test
    void nothingAfterTheSnapshotIsRead() throws IOException {
        byte[] written = TablePair.snapshot(sample());
        ByteArrayInputStream in = new ByteArrayInputStream(Arrays.copyOf(written, written.length + 3));
        LockTable.read(in);
        assertEquals(3, in.available());
    }

    @Test
    void theDigestTellsStatesApart() {
        LockTable table = sample();
        long before = table.digest();
        table.advance(50);
        assertEquals(before, table.digest());
        table.apply(51, new Command.Release("w1", 0, 0));
        assertNotEquals(before, table.digest());
    }

    private static LockTable sample() {
        LockTable table = new LockTable();
        long revision = 0;
        List<Command> commands = List.of(
                new Command.OpenSession("k1", 1000, "first", "{\"a\":1}", 5),
                new Command.OpenSession("k2", 1000, "", "", 6),
                new Command.AcquireAlone("alone", "l", Mode.EXCLUSIVE, 1000, 0, "cron", "", 7),
                new Command.Acquire("w1", 1, "l", Mode.EXCLUSIVE, 9, "{}", 8),
                new Command.Acquire(
                        "set", 1, List.of(Claim.shared("l"), Claim.shared("m"), Claim.semaphore("s", 2, 3)), 9, "", 8),
                new Command.Acquire("gone", 2, "n", Mode.EXCLUSIVE, 0, "", 8),
                new Command.Acquire("w2", 1, "l", Mode.EXCLUSIVE, 9, "", 8),
                new Command.CloseSession(2, 9),
                new Command.OpenSession("k3", 1000, "", "", 5000, 6),
                new Command.Acquire("delayed", 11, List.of(Claim.semaphore("d", 1, 2), Claim.shared("e")), 0, "", 8),
                new Command.Acquire("reader", 1, "e", Mode.SHARED, 0, "", 8),
                new Command.ChangeMode("reader", 0, Mode.SHARED, 8),
                new Command.ExpireSessions(List.of(11L), 9),
                new Command.Transfer("alone", 0, "w1", 30_000, 9),
                new Command.Break("e", "reader", 0, "admin", "stuck", 10_000, 9),
                new Command.Acquire("kept", 1, "k", Mode.EXCLUSIVE, 0, "", 9),
                new Command.Break("k", "kept", 0, "admin", "now", 0, 9),
                new Command.Acquire("try", 1, "l", Mode.EXCLUSIVE, 0, "", 10));
        for (Command command : commands) {
            table.apply(++revision, command);
        }
        return table;
    }

    private static LockTable read(byte[] bytes) throws IOException {
        return LockTable.read(new ByteArrayInputStream(bytes));
    }

    private static String refused(byte[] bytes) {
        return assertThrows(SnapshotFormatException.class, () -> read(bytes)).getMessage();
    }
}

package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A directory is what it was, or begins anew; there is nothing between. */
class OfflineDirectoryTest {

    private static final int OLD_TXNS = 300;
    private static final Position AT = new Position(new Zxid(1_000_000, 1), 77);
    private static final Configuration ALONE =
            new Configuration(9, List.of(new Member(new ServerId(1), MemberRole.VOTER, "new-one", 7000)));
    private static final Genesis GENESIS = new Genesis(LogWorkload.IDENTITY, new DiskId(5, 6), ALONE, AT);

    @Test
    void anEmptyDirectoryBeginsWithAStateAndGoesOnFromThere() throws IOException {
        SimDisk disk = new SimDisk(3);
        begin(disk);
        disk.restart();
        Opened opened = LogWorkload.open(disk);
        begunAnew(opened);
        LogRecord.Append next = next();
        opened.log().append(new LogRecord.Promise(AT.zxid().epoch() + 1, new ServerId(1)));
        opened.log().append(next);
        opened.log().sync();
        disk.restart();
        Recovered again = LogWorkload.open(disk).recovered();
        assertEquals(List.of(next.txn()), again.txns());
        assertEquals(AT.zxid().epoch() + 1, again.acceptedEpoch());
    }

    @Test
    void aDirectoryThatHadAHistoryHasNoneOfItAfterwards() throws IOException {
        SimDisk disk = new SimDisk(4);
        history(disk);
        begin(disk);
        disk.restart();
        Opened opened = LogWorkload.open(disk);
        begunAnew(opened);
        assertEquals(1, opened.snapshots().list().size());
        opened.log().close();
        disk.restart();
        begunAnew(LogWorkload.open(disk));
    }

    @Test
    void aPowerCutAtAnyOperationLeavesTheOldDirectoryOrTheNewOne() throws IOException {
        SimDisk whole = new SimDisk(0);
        history(whole);
        long before = whole.operations();
        begin(whole);
        long operations = whole.operations() - before;
        int old = 0;
        for (long cut = 1; cut <= operations; cut++) {
            SimDisk disk = new SimDisk(100 + cut);
            history(disk);
            disk.cutAfter(cut);
            boolean begun = begins(disk);
            disk.restart();
            Opened opened = LogWorkload.open(disk);
            if (opened.recovered().currentEpoch() == AT.zxid().epoch()) {
                begunAnew(opened);
            } else {
                assertFalse(begun, "begun anew, and then not, cut " + cut);
                List<Txn> txns = opened.recovered().txns();
                assertEquals(new Zxid(1, OLD_TXNS), txns.get(txns.size() - 1).zxid(), "cut " + cut);
                old++;
            }
            opened.log().close();
        }
        assertTrue(old > 3 && old < operations, old + " of " + operations + " cuts left the old directory");
    }

    @Test
    void aPowerCutWhileAnEmptyDirectoryBeginsLeavesOneThatBeginsAgain() throws IOException {
        SimDisk whole = new SimDisk(0);
        begin(whole);
        int unfinished = 0;
        for (long cut = 1; cut <= whole.operations(); cut++) {
            SimDisk disk = new SimDisk(500 + cut);
            disk.cutAfter(cut);
            begins(disk);
            disk.restart();
            OfflineDirectory left = OfflineDirectory.open(disk, LogWorkload.SMALL);
            if (!left.hasLog()) {
                assertTrue(left.isEmpty() || left.isUnfinished(), "cut " + cut + " leaves " + disk.list());
                unfinished += left.isUnfinished() ? 1 : 0;
                left.begin(GENESIS, 0, 42, out -> out.write(state()));
            }
            left.close();
            disk.restart();
            Opened opened = LogWorkload.open(disk);
            begunAnew(opened);
            opened.log().close();
        }
        assertTrue(unfinished > 3, unfinished + " cuts left something unfinished");
    }

    @Test
    void whatIsReadIsWhatAServerWouldStartFromAndNothingIsChanged() throws IOException {
        SimDisk disk = new SimDisk(5);
        history(disk);
        long operations = disk.operations();
        OfflineDirectory directory = OfflineDirectory.open(disk, LogWorkload.SMALL);
        OfflineDirectory.Contents contents = directory.read();
        assertEquals(operations, disk.operations(), "reading changes nothing");
        assertEquals(LogWorkload.IDENTITY, contents.identity());
        assertEquals(LogWorkload.DISK, contents.recovered().diskId());
        directory.close();
        assertEquals(LogWorkload.open(disk).recovered(), contents.recovered());
    }

    @Test
    void aDirectoryThatIsInUseOrHoldsNoLogIsRefused() throws IOException {
        SimDisk disk = new SimDisk(6);
        assertTrue(disk.lock());
        assertThrows(DirectoryRefusedException.class, () -> OfflineDirectory.open(disk, LogWorkload.SMALL));
        try (OfflineDirectory empty = OfflineDirectory.open(new SimDisk(7), LogWorkload.SMALL)) {
            assertTrue(empty.isEmpty());
            assertThrows(DirectoryRefusedException.class, empty::read);
        }
    }

    @Test
    void withoutRoomTheDirectoryStaysWhatItWas() throws IOException {
        SimDisk disk = new SimDisk(8);
        history(disk);
        List<String> files = List.copyOf(disk.list());
        disk.limit(60_000);
        assertThrows(NoRoomException.class, () -> begin(disk));
        assertEquals(files, List.copyOf(disk.list()));
    }

    private static void begunAnew(Opened opened) throws IOException {
        Recovered recovered = opened.recovered();
        assertEquals(AT, recovered.snapshot());
        assertEquals(ALONE, recovered.configuration());
        assertEquals(List.of(), recovered.txns());
        assertEquals(GENESIS.diskId(), recovered.diskId());
        assertEquals(AT.zxid().epoch(), recovered.currentEpoch());
        assertEquals(AT.zxid().epoch(), recovered.acceptedEpoch());
        try (SnapshotReader reader = opened.snapshots().open(AT.zxid())) {
            assertArrayEquals(state(), reader.readAllBytes());
        }
    }

    private static LogRecord.Append next() {
        return new LogRecord.Append(Txn.after(
                AT.zxid(),
                AT.chainHash(),
                new Zxid(AT.zxid().epoch() + 1, 1),
                TxnType.COMMAND,
                new Origin(new ServerId(1), 1),
                Payload.of(new byte[] {1})));
    }

    private static boolean begins(SimDisk disk) throws IOException {
        try {
            begin(disk);
            return true;
        } catch (SimDisk.PowerCut cut) {
            return false;
        }
    }

    private static void begin(SimDisk disk) throws IOException {
        try (OfflineDirectory directory = OfflineDirectory.open(disk, LogWorkload.SMALL)) {
            directory.begin(GENESIS, 0, 42, out -> out.write(state()));
        }
    }

    private static byte[] state() {
        byte[] state = new byte[70_000];
        new Random(9).nextBytes(state);
        return state;
    }

    private static void history(SimDisk disk) throws IOException {
        Opened opened = LogWorkload.open(disk);
        Position last = Position.START;
        for (int i = 1; i <= OLD_TXNS; i++) {
            LogRecord.Append record = LogDamageTest.append(last, i);
            opened.log().append(record);
            last = new Position(record.txn().zxid(), record.txn().chainHash());
            if (i == 150 || i == 250) {
                try (SnapshotWriter writer = opened.snapshots().begin(last, LogWorkload.INITIAL, 0)) {
                    writer.write(new byte[100]);
                    writer.finish(i);
                }
                opened.log().append(new LogRecord.Snapshot(last, false));
                opened.log().sync();
                opened.log().retire();
            }
        }
        opened.log().close();
        disk.restart();
    }
}

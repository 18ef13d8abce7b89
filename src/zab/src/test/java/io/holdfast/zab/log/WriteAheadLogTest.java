package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on a real file system, and what it refuses. */
class WriteAheadLogTest {

    @TempDir
    private Path directory;

    @Test
    void aRandomLifeOnRealFilesIsRecovered() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            String place = directory.resolve("life" + seed).toString();
            LogWorkload workload = new LogWorkload(seed);
            for (int life = 0; life < 4; life++) {
                try (Disk disk = FileDisk.at(place)) {
                    Opened opened = LogWorkload.open(disk);
                    workload.verify(opened);
                    workload.run(opened, 100);
                    if (life % 2 == 0) {
                        opened.log().close();
                    }
                }
            }
        }
    }

    @Test
    void anEmptyDirectoryIsFormattedOnceAndKeepsItsIdentity() throws IOException {
        try (Disk disk = FileDisk.at(directory.toString())) {
            Recovered fresh = LogWorkload.open(disk).recovered();
            assertEquals(LogWorkload.DISK, fresh.diskId());
            assertEquals(LogWorkload.INITIAL, fresh.configuration());
            assertEquals(Position.START, fresh.snapshot());
        }
        Configuration other =
                new Configuration(9, List.of(new Member(new ServerId(5), MemberRole.VOTER, "five", 7000)));
        try (Disk disk = FileDisk.at(directory.toString())) {
            Recovered again = WriteAheadLog.open(disk, LogWorkload.SMALL, LogWorkload.IDENTITY, other, new DiskId(1, 2))
                    .recovered();
            assertEquals(LogWorkload.DISK, again.diskId());
            assertEquals(LogWorkload.INITIAL, again.configuration(), "a file given later does not override");
        }
    }

    @Test
    void aDirectoryInUseOrOfSomebodyElseIsRefusedAndNotTouched() throws IOException {
        try (Disk disk = FileDisk.at(directory.toString());
                Disk second = FileDisk.at(directory.toString())) {
            LogWorkload.open(disk).log().close();
            var inUse = assertThrows(DirectoryRefusedException.class, () -> LogWorkload.open(second));
            assertTrue(inUse.getMessage().contains("in use"), inUse.getMessage());
        }
        List<Path> before = files();
        for (LogIdentity stranger :
                List.of(new LogIdentity("orders", new ServerId(2)), new LogIdentity("payments", new ServerId(1)))) {
            try (Disk disk = FileDisk.at(directory.toString())) {
                var refused = assertThrows(
                        DirectoryRefusedException.class,
                        () -> WriteAheadLog.open(
                                disk, LogWorkload.SMALL, stranger, LogWorkload.INITIAL, LogWorkload.DISK));
                assertTrue(refused.getMessage().contains("cluster 'orders' server 1"), refused.getMessage());
                assertTrue(refused.getMessage().contains(stranger.toString()), refused.getMessage());
            }
        }
        assertEquals(before, files());
    }

    @Test
    void aRecordThatDoesNotFollowIsNotTaken() throws IOException {
        SimDisk disk = new SimDisk(1);
        WriteAheadLog log = LogWorkload.open(disk).log();
        LogDamageTest.appendBatches(log, 1, 5);
        LogRecord.Append gap = LogDamageTest.append(new Position(new Zxid(1, 6), 1), 7);
        assertThrows(IllegalArgumentException.class, () -> log.append(gap));
        assertThrows(IllegalArgumentException.class, () -> log.append(new LogRecord.Truncate(new Zxid(1, 9))));
        assertThrows(
                IllegalArgumentException.class,
                () -> log.append(new LogRecord.Snapshot(new Position(new Zxid(1, 3), 666), false)));
        assertEquals(5, log.sync());
        log.close();
        assertThrows(LogFailedException.class, log::sync);
        disk.restart();
        assertEquals(5, LogWorkload.open(disk).recovered().txns().size());
    }

    @Test
    void aTruncationRemovesExactlyWhatFollows() throws IOException {
        SimDisk disk = new SimDisk(1);
        WriteAheadLog log = LogWorkload.open(disk).log();
        LogDamageTest.appendBatches(log, 1, 9);
        log.append(new LogRecord.Truncate(new Zxid(1, 4)));
        log.append(new LogRecord.AdoptEpoch(2));
        log.sync();
        disk.powerCut();
        Recovered recovered = LogWorkload.open(disk).recovered();
        List<Txn> txns = recovered.txns();
        assertEquals(4, txns.size());
        assertEquals(new Zxid(1, 4), txns.get(3).zxid());
        assertEquals(2, recovered.currentEpoch());
    }

    @Test
    void aFullDiskStopsTransactionsWithAClearMessageButNotAPromise() throws IOException {
        SimDisk disk = new SimDisk(1);
        Opened opened = LogWorkload.open(disk);
        Position last = Position.START;
        int taken = 0;
        String message = "";
        for (int life = 0; life < 6; life++) {
            try {
                for (int i = 0; i < 200; i++) {
                    LogRecord.Append record = LogDamageTest.append(last, taken + 1);
                    opened.log().append(record);
                    opened.log().sync();
                    last = new Position(record.txn().zxid(), record.txn().chainHash());
                    taken++;
                }
            } catch (LogFailedException e) {
                message = e.getMessage();
            }
            disk.restart();
            opened = LogWorkload.open(disk);
            assertEquals(taken, opened.recovered().txns().size(), "life " + life);
            opened.log().append(new LogRecord.Promise(life + 1, new ServerId(1)));
            opened.log().sync();
            assertEquals(life, opened.recovered().acceptedEpoch());
            if (message.isEmpty()) {
                long used = Long.MAX_VALUE - disk.usableSpace();
                disk.limit(used);
            }
        }
        assertTrue(message.contains("The disk is full") && message.contains("enlarge the volume"), message);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}

package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A snapshot is whole, or it is not used. */
class SnapshotStoreTest {

    private static final Position AT = new Position(new Zxid(3, 14), 159);

    private final SimDisk disk = new SimDisk(1);
    private final SnapshotStore store = new SnapshotStore(disk, "orders", 0, List.of());

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 200_000}) {
            byte[] state = state(length);
            StoredSnapshot written = write(store, AT, state);
            assertEquals(length, written.stateBytes());
            assertEquals(42, written.stateDigest());
            assertEquals(LogWorkload.INITIAL, written.configuration());
            try (SnapshotReader reader = store.open(AT.zxid())) {
                assertArrayEquals(state, reader.readAllBytes());
            }
        }
    }

    /** A crash of the system in the middle would have little to write, and so has the fsync at the end. */
    @Test
    void aLargeSnapshotIsMadeDurableInSteps() throws IOException {
        int[] steps = {0};
        byte[] state = state(2 * SnapshotStore.FORCE_BYTES + 100);
        try (SnapshotWriter writer = store.begin(AT, LogWorkload.INITIAL, 0, () -> steps[0]++)) {
            writer.write(state);
            writer.finish(42);
        }
        assertEquals(2, steps[0]);
    }

    @Test
    void aFlippedByteOrACutAnywhereIsRefused() throws IOException {
        write(store, AT, state(70_000));
        String name = SnapshotStore.fileName(AT);
        byte[] whole = disk.bytes(name).clone();
        Random random = new Random(5);
        for (int i = 0; i < 600; i++) {
            int at = i < 200 ? i : random.nextInt(whole.length);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            disk.put(name, damaged);
            assertThrows(SnapshotDamagedException.class, this::readAll, "flip of byte " + at);
            disk.put(name, Arrays.copyOf(whole, at));
            assertThrows(SnapshotDamagedException.class, this::readAll, "cut at byte " + at);
        }
        disk.put(name, Arrays.copyOf(whole, whole.length + 1));
        assertThrows(SnapshotDamagedException.class, this::readAll);
    }

    @Test
    void whatRotsAfterItWasStoredIsNotSent() throws IOException {
        write(store, AT, state(200_000));
        String name = SnapshotStore.fileName(AT);
        byte[] whole = disk.bytes(name).clone();
        for (int at = 0; at < whole.length; at += 997) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            disk.put(name, damaged);
            long sent = sendUntilDamaged();
            assertTrue(sent <= at, "byte " + at + " was sent, before the damage was found at " + sent);
        }
    }

    /** Returns how many bytes were given before the damage was. */
    private long sendUntilDamaged() throws IOException {
        long offset = 0;
        try (SnapshotSource source = store.source(AT.zxid())) {
            for (Payload piece = source.read(0); piece.length() > 0; piece = source.read(offset)) {
                offset += piece.length();
            }
        } catch (SnapshotDamagedException e) {
            return offset;
        }
        return Long.MAX_VALUE;
    }

    @Test
    void aReceivedSnapshotCountsOnlyWhenItIsWholeAndTheOneExpected() throws IOException {
        StoredSnapshot sent = write(store, AT, state(150_000));
        SimDisk learnerDisk = new SimDisk(2);
        SnapshotStore learner = new SnapshotStore(learnerDisk, "orders", 0, List.of());

        assertEquals(sent, copy(learner, AT.zxid(), -1));
        assertEquals(List.of(sent), learner.list());
        assertThrows(
                SnapshotDamagedException.class, () -> copy(learner, AT.zxid().next(), -1));
        assertThrows(SnapshotDamagedException.class, () -> copy(learner, AT.zxid(), 70_000));
        assertEquals(1, learnerDisk.list().size(), "nothing of the refused ones is kept");

        SnapshotStore stranger = new SnapshotStore(new SimDisk(3), "payments", 0, List.of());
        assertThrows(SnapshotDamagedException.class, () -> copy(stranger, AT.zxid(), -1));
        try (SnapshotReceiver receiver = learner.receive(AT.zxid())) {
            receiver.receive(0, Payload.of(new byte[10]));
            assertThrows(SnapshotDamagedException.class, () -> receiver.receive(11, Payload.of(new byte[10])));
        }
    }

    @Test
    void aSnapshotIsNotBegunWithoutRoomAndGivenUpWhenRoomEnds() throws IOException {
        disk.limit(100_000);
        assertThrows(NoRoomException.class, () -> store.begin(AT, LogWorkload.INITIAL, 100_000));
        assertThrows(NoRoomException.class, () -> write(store, AT, state(200_000)));
        assertTrue(disk.list().isEmpty());
    }

    @Test
    void aDamagedNewestSnapshotIsReplacedByTheOneBeforeAndTheLogAfterIt() throws IOException {
        Position[] at = logWithTwoSnapshots();
        disk.bytes(SnapshotStore.fileName(at[1]))[100] ^= 1;
        Opened opened = LogWorkload.open(disk);
        assertEquals(at[0], opened.recovered().snapshot());
        assertTrue(opened.recovered().start().zxid().compareTo(at[0].zxid()) <= 0);
        assertEquals(
                new Zxid(1, 300),
                opened.recovered()
                        .txns()
                        .get(opened.recovered().txns().size() - 1)
                        .zxid());
        assertFalse(opened.notes().isEmpty());
    }

    /** Else the next start would delete the good one, and be left with one snapshot only. */
    @Test
    void aDamagedSnapshotTakesNoPlaceAmongTheTwoThatAreKept() throws IOException {
        Position[] at = logWithTwoSnapshots();
        disk.bytes(SnapshotStore.fileName(at[1]))[100] ^= 1;
        Opened opened = LogWorkload.open(disk);
        Txn newest = opened.recovered().txns().get(opened.recovered().txns().size() - 1);
        Position third = new Position(newest.zxid(), newest.chainHash());
        write(opened.snapshots(), third, state(100));
        opened.log().append(new LogRecord.Snapshot(third, false));
        opened.log().sync();
        opened.log().retire();
        opened.log().close();
        disk.restart();
        Opened again = LogWorkload.open(disk);
        assertEquals(third, again.recovered().snapshot());
        assertEquals(
                List.of(at[0], third),
                again.snapshots().list().stream().map(StoredSnapshot::at).toList());
        again.log().close();
        disk.restart();
        disk.bytes(SnapshotStore.fileName(third))[100] ^= 1;
        assertEquals(at[0], LogWorkload.open(disk).recovered().snapshot());
    }

    @Test
    void rotIsFoundInWhatNobodyReads() throws IOException {
        Position[] at = logWithTwoSnapshots();
        Opened opened = LogWorkload.open(disk);
        int[] pauses = {0};
        Scrubber scrubber = opened.snapshots().scrubber(() -> pauses[0]++);
        List<String> files = new ArrayList<>();
        for (Scrubber.Report report = scrubber.next(); !files.contains(report.file()); report = scrubber.next()) {
            files.add(report.file());
            assertNull(report.damage(), report.file());
            assertTrue(report.bytes() > 100, report.file());
        }
        assertTrue(files.size() > 3, "segments and snapshots, one after the other: " + files);
        assertFalse(files.contains(disk.list().stream()
                .filter(SegmentHeader::isName)
                .reduce((a, b) -> b)
                .orElseThrow()));

        String snapshot = SnapshotStore.fileName(at[0]);
        disk.bytes(snapshot)[disk.bytes(snapshot).length - 30] ^= 4;
        disk.bytes(files.get(0))[700] ^= 4;
        int found = 0;
        for (int i = 0; i < files.size(); i++) {
            Scrubber.Report report = scrubber.next();
            boolean rotten = report.file().equals(snapshot) || report.file().equals(files.get(0));
            assertEquals(rotten, report.damage() != null, report.file());
            assertEquals(report.file().startsWith(SnapshotStore.PREFIX), report.snapshot() != null);
            found += rotten ? 1 : 0;
        }
        assertEquals(2, found);
    }

    /** Else each want of descriptors would be reported as a disk that rots. */
    @Test
    void aFileThatCannotBeOpenedIsNotDamaged() throws IOException {
        logWithTwoSnapshots();
        AtomicBoolean refuses = new AtomicBoolean();
        Opened opened = LogWorkload.open(new ForwardingDisk(disk) {
            @Override
            public SortedSet<String> list() throws IOException {
                refuse("list");
                return super.list();
            }

            @Override
            public DiskFile open(String name) throws IOException {
                refuse(name);
                return super.open(name);
            }

            private void refuse(String what) throws IOException {
                if (refuses.get()) {
                    throw new IOException(what + ": Too many open files");
                }
            }
        });
        Scrubber scrubber = opened.snapshots().scrubber(() -> {});
        refuses.set(true);
        for (int i = 0; i < 6; i++) {
            assertNull(scrubber.next());
        }
        refuses.set(false);
        Scrubber.Report report = scrubber.next();
        assertTrue(report != null && report.damage() == null && report.bytes() > 100, "it goes on: " + report);
    }

    @Test
    void withoutAnyWholeSnapshotAndWithoutTheWholeLogTheStartIsRefused() throws IOException {
        Position[] at = logWithTwoSnapshots();
        assertFalse(disk.list().contains("log-0000000000000001"), "the log behind the older snapshot was retired");
        disk.delete(SnapshotStore.fileName(at[0]));
        disk.delete(SnapshotStore.fileName(at[1]));
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
        assertTrue(e.getMessage().contains("No snapshot is whole"), e.getMessage());
    }

    @Test
    void aDirectoryWithSnapshotsButNoLogIsNotFormatted() throws IOException {
        write(store, AT, state(10));
        assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
    }

    private Position[] logWithTwoSnapshots() throws IOException {
        Position[] snapshots = new Position[2];
        Opened opened = LogWorkload.open(disk);
        Position last = Position.START;
        for (int i = 1; i <= 300; i++) {
            LogRecord.Append record = LogDamageTest.append(last, i);
            opened.log().append(record);
            last = new Position(record.txn().zxid(), record.txn().chainHash());
            if (i == 150 || i == 250) {
                snapshots[i / 250] = last;
                write(opened.snapshots(), last, state(100));
                opened.log().append(new LogRecord.Snapshot(last, false));
                opened.log().sync();
                opened.log().retire();
            }
        }
        opened.log().close();
        disk.restart();
        return snapshots;
    }

    private StoredSnapshot copy(SnapshotStore learner, Zxid expected, int flipped) throws IOException {
        try (SnapshotSource source = store.source(AT.zxid());
                SnapshotReceiver receiver = learner.receive(expected)) {
            long offset = 0;
            for (Payload piece = source.read(0); piece.length() > 0; piece = source.read(offset)) {
                byte[] bytes = new byte[piece.length()];
                piece.buffer().get(bytes);
                if (flipped >= offset && flipped < offset + bytes.length) {
                    bytes[(int) (flipped - offset)] ^= 4;
                }
                receiver.receive(offset, Payload.of(bytes));
                offset += bytes.length;
            }
            return receiver.finish();
        }
    }

    private void readAll() throws IOException {
        try (SnapshotReader reader = store.open(AT.zxid())) {
            reader.readAllBytes();
        }
    }

    private static StoredSnapshot write(SnapshotStore store, Position at, byte[] state) throws IOException {
        try (SnapshotWriter writer = store.begin(at, LogWorkload.INITIAL, 0)) {
            writer.write(state);
            return writer.finish(42);
        }
    }

    private static byte[] state(int length) {
        byte[] state = new byte[length];
        new Random(length).nextBytes(state);
        return state;
    }
}

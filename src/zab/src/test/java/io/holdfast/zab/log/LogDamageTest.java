package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Damage is never taken for the end of the log. */
class LogDamageTest {

    private static final String FIRST = "log-0000000000000001";

    private final SimDisk disk = new SimDisk(1);

    @Test
    void aFlippedByteNeverMakesAHistoryShorter() throws IOException {
        try (WriteAheadLog log = LogWorkload.open(disk).log()) {
            appendBatches(log, 3, 4);
        }
        byte[] whole = disk.bytes(FIRST).clone();
        int refused = 0;
        for (int at = 0; at < whole.length; at += at < 3000 ? 3 : 101) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            SimDisk copy = new SimDisk(at);
            copy.put(FIRST, damaged);
            try {
                assertEquals(12, LogWorkload.open(copy).recovered().txns().size(), "byte " + at);
            } catch (LogCorruptException | DirectoryRefusedException e) {
                refused++;
            }
        }
        assertTrue(refused > 12 * 50, "only " + refused + " flips were noticed");
    }

    @Test
    void aFlippedByteInTheMiddleOfTheLastBatchIsDamageAlsoAfterACrash() throws IOException {
        WriteAheadLog log = LogWorkload.open(disk).log();
        appendBatches(log, 1, 3);
        byte[] whole = disk.bytes(FIRST).clone();
        int record = RecordCodec.bytes(append(Position.START, 1));
        for (int at = headerBytes(whole) + record; at < headerBytes(whole) + 2 * record; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x01;
            SimDisk copy = new SimDisk(at);
            copy.put(FIRST, damaged);
            assertThrows(LogCorruptException.class, () -> LogWorkload.open(copy), "byte " + at);
        }
    }

    @Test
    void aTornEndIsLeftOutAndADurableOneIsNot() throws IOException {
        WriteAheadLog log = LogWorkload.open(disk).log();
        appendBatches(log, 2, 2);
        byte[] whole = disk.bytes(FIRST).clone();
        int record = RecordCodec.bytes(append(Position.START, 1));
        int start = headerBytes(whole);
        for (int length = start; length <= start + 4 * record; length++) {
            SimDisk copy = new SimDisk(length);
            copy.put(FIRST, Arrays.copyOf(whole, length));
            int records = (length - start) / record;
            assertEquals(records, LogWorkload.open(copy).recovered().txns().size(), "length " + length);
        }
        // The second batch says that the first is durable: its damage is no torn write, even where zeros are.
        Arrays.fill(whole, start + record, start + 2 * record, (byte) 0);
        disk.restart();
        disk.put(FIRST, whole);
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
        assertTrue(e.getMessage().contains("lsn 2 "), e.getMessage());
        assertTrue(e.getMessage().contains("Do not start this server with an empty directory"), e.getMessage());
    }

    @Test
    void aDamagedPayloadStillTellsItsZxid() throws IOException {
        try (WriteAheadLog log = LogWorkload.open(disk).log()) {
            appendBatches(log, 3, 1);
        }
        byte[] whole = disk.bytes(FIRST);
        int record = RecordCodec.bytes(append(Position.START, 1));
        whole[headerBytes(whole) + record + RecordCodec.HEADER_BYTES + 30] ^= 1;
        disk.restart();
        LogCorruptException e = assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
        assertTrue(e.getMessage().contains("zxid 1-2"), e.getMessage());
    }

    @Test
    void aSegmentThatEndsEarlyOrIsMissingIsDamage() throws IOException {
        try (WriteAheadLog log = LogWorkload.open(disk).log()) {
            appendBatches(log, 60, 4);
        }
        String second = "log-0000000000000002";
        assertTrue(disk.list().contains("log-0000000000000003"));
        byte[] whole = disk.bytes(second).clone();

        disk.restart();
        disk.put(second, Arrays.copyOf(whole, 4096));
        assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
        disk.restart();
        disk.delete(second);
        assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
        disk.restart();
        disk.put(second, whole);
        assertEquals(240, LogWorkload.open(disk).recovered().txns().size());
    }

    @Test
    void aStaleSegmentOfAnotherDiskOrPlaceIsRefused() throws IOException {
        try (WriteAheadLog log = LogWorkload.open(disk).log()) {
            appendBatches(log, 60, 4);
        }
        disk.restart();
        disk.put("log-0000000000000002", disk.bytes(FIRST));
        assertThrows(LogCorruptException.class, () -> LogWorkload.open(disk));
    }

    @Test
    void aReadErrorEndsTheStartAndChangesNothing() throws IOException {
        try (WriteAheadLog log = LogWorkload.open(disk).log()) {
            appendBatches(log, 2, 2);
        }
        disk.restart();
        long operations = disk.operations();
        disk.failReadsOf(FIRST);
        assertThrows(IOException.class, () -> LogWorkload.open(disk));
        assertEquals(operations, disk.operations());
        disk.failReadsOf(null);
        disk.restart();
        assertEquals(4, LogWorkload.open(disk).recovered().txns().size());
    }

    @Test
    void bytesThatAClientChoseAreNeverTakenForARecord() throws IOException {
        WriteAheadLog log = LogWorkload.open(disk).log();
        appendBatches(log, 1, 1);
        byte[] record = Arrays.copyOfRange(disk.bytes(FIRST), headerBytes(disk.bytes(FIRST)), 1000);
        RecordCodec foreign = new RecordCodec(99);
        assertNull(foreign.header(ByteBuffer.wrap(record), 0));
        assertNotNull(new RecordCodec(salt()).header(ByteBuffer.wrap(record), 0));
    }

    private int salt() throws IOException {
        try (DiskFile file = disk.open(FIRST)) {
            return SegmentHeader.read(file, FIRST).header().salt();
        }
    }

    private static int headerBytes(byte[] segment) {
        int end = ByteBuffer.wrap(segment).getInt(12) + 4;
        return (end + 511) / 512 * 512;
    }

    static void appendBatches(WriteAheadLog log, int batches, int each) throws IOException {
        Position last = Position.START;
        for (int i = 1; i <= batches * each; i++) {
            LogRecord.Append record = append(last, i);
            log.append(record);
            last = new Position(record.txn().zxid(), record.txn().chainHash());
            if (i % each == 0) {
                assertEquals(i, log.sync());
            }
        }
    }

    static LogRecord.Append append(Position last, int number) {
        byte[] payload = new byte[100];
        Arrays.fill(payload, (byte) (number % 100 + 1));
        return new LogRecord.Append(Txn.after(
                last.zxid(),
                last.chainHash(),
                new Zxid(1, number),
                TxnType.COMMAND,
                new Origin(new ServerId(1), number),
                Payload.of(payload)));
    }
}

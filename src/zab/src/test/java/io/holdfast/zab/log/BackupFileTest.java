package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A backup is whole, or it is not used. */
class BackupFileTest {

    private static final Position AT = new Position(new Zxid(3, 14), 159);
    private static final long MADE_AT = 1_800_000_000_000L;
    private static final String NAME = "b";

    private final SimDisk disk = new SimDisk(1);
    private final SnapshotStore store = new SnapshotStore(disk, "orders", 0, List.of());

    @Test
    void whatIsReadIsWhatWasBackedUp() throws IOException {
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 200_000}) {
            byte[] state = state(length);
            disk.put(NAME, backup(state));
            try (BackupFile file = open()) {
                assertEquals("orders", file.clusterId());
                assertEquals(MADE_AT, file.madeAtMillis());
                assertEquals(new ServerId(2), file.madeBy());
                assertEquals(AT, file.snapshot().at());
                assertEquals(LogWorkload.INITIAL, file.snapshot().configuration());
                assertEquals(42, file.snapshot().stateDigest());
                assertArrayEquals(state, file.state().readAllBytes());
                assertArrayEquals(state, file.state().readAllBytes(), "also a second time");
            }
        }
    }

    @Test
    void aBackupIsReadAlsoWhenItsSnapshotWasDeletedMeanwhile() throws IOException {
        byte[] state = state(200_000);
        write(state);
        try (BackupSource source = new BackupSource(store.source(AT.zxid()), MADE_AT, new ServerId(2))) {
            disk.delete(SnapshotStore.fileName(AT));
            disk.put(NAME, drain(source));
        }
        try (BackupFile file = open()) {
            assertArrayEquals(state, file.state().readAllBytes());
        }
    }

    @Test
    void aFlippedBitOrACutAnywhereIsRefused() throws IOException {
        byte[] whole = backup(state(70_000));
        long seed = 17;
        Random random = new Random(seed);
        for (int i = 0; i < 1_200; i++) {
            int at = i < 300 ? i : i < 600 ? whole.length - 1 - (i - 300) : random.nextInt(whole.length);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            disk.put(NAME, damaged);
            assertThrows(BackupRefusedException.class, this::open, "flip of byte " + at + ", seed " + seed);
            disk.put(NAME, Arrays.copyOf(whole, at));
            assertThrows(BackupRefusedException.class, this::open, "cut at byte " + at);
        }
        disk.put(NAME, Arrays.copyOf(whole, whole.length + 1));
        assertThrows(BackupRefusedException.class, this::open, "a byte too many");
    }

    @Test
    void theRefusalSaysWhatIsWrong() throws IOException {
        byte[] whole = backup(state(100));
        disk.put(NAME, "{\"type\":\"urn:holdfast:problem:no-leader\",\"status\":503}".getBytes());
        assertTrue(refusal().contains("is no backup"), refusal());
        disk.put(NAME, Arrays.copyOf(whole, whole.length - 1));
        assertTrue(refusal().contains("cut off"), refusal());
        disk.put(NAME, new byte[0]);
        assertTrue(refusal().contains("too few"), refusal());
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        disk.put(NAME, damaged);
        assertTrue(refusal().contains("damaged"), refusal());
        disk.put(NAME, ofVersion(whole, BackupFormat.VERSION + 1));
        assertTrue(refusal().contains("format 2 and this release reads 1"), refusal());
    }

    /** As a later release would write it: everything but the number is the same. */
    private static byte[] ofVersion(byte[] whole, int version) {
        byte[] other = whole.clone();
        var head = java.nio.ByteBuffer.wrap(other);
        head.putInt(8, version);
        var crc = new java.util.zip.CRC32C();
        crc.update(other, 0, BackupFormat.HEAD_BYTES - 4);
        head.putInt(BackupFormat.HEAD_BYTES - 4, (int) crc.getValue());
        return other;
    }

    private String refusal() {
        return assertThrows(BackupRefusedException.class, this::open).getMessage();
    }

    private BackupFile open() throws IOException {
        return BackupFile.open(disk.open(NAME), NAME);
    }

    private byte[] backup(byte[] state) throws IOException {
        write(state);
        try (BackupSource source = new BackupSource(store.source(AT.zxid()), MADE_AT, new ServerId(2))) {
            byte[] bytes = drain(source);
            assertEquals(source.bytes(), bytes.length);
            return bytes;
        }
    }

    private static byte[] drain(BackupSource source) throws IOException {
        var out = new ByteArrayOutputStream();
        for (byte[] piece = source.next(); piece.length > 0; piece = source.next()) {
            out.write(piece);
        }
        return out.toByteArray();
    }

    private void write(byte[] state) throws IOException {
        try (SnapshotWriter writer = store.begin(AT, LogWorkload.INITIAL, 0)) {
            writer.write(state);
            writer.finish(42);
        }
    }

    private static byte[] state(int length) {
        byte[] state = new byte[length];
        new Random(length).nextBytes(state);
        return state;
    }
}

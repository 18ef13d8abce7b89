package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A simulated disk that loses nothing would prove nothing. */
class SimDiskTest {

    private static final int BYTES = 2000;

    @Test
    void aProgramThatAcknowledgesBeforeFsyncLosesData() throws IOException {
        int lost = 0;
        int torn = 0;
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(seed);
            DiskFile file = emptyDurableFile(disk);
            file.write(0, full());
            disk.powerCut();
            byte[] after = Arrays.copyOf(disk.bytes("file"), BYTES);
            lost += Arrays.equals(after, full().array()) ? 0 : 1;
            torn += after[0] == 1 && after[BYTES - 1] == 0 || after[0] == 0 && after[BYTES - 1] == 1 ? 1 : 0;
        }
        assertTrue(lost > 25, "lost in " + lost + " of 50 runs");
        assertTrue(torn > 5, "kept in part in " + torn + " of 50 runs");
    }

    @Test
    void whatWasFsyncedAndWhoseNameWasSyncedStays() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(seed);
            DiskFile file = emptyDurableFile(disk);
            file.write(0, full());
            file.force();
            disk.powerCut();
            assertArrayEquals(full().array(), disk.bytes("file"));
        }
    }

    @Test
    void aNameThatWasNotSyncedMayBeLost() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(seed);
            DiskFile file = disk.create("file");
            file.write(0, full());
            file.force();
            disk.powerCut();
            lost += disk.list().isEmpty() ? 1 : 0;
        }
        assertTrue(lost > 10 && lost < 40, "lost in " + lost + " of 50 runs");
    }

    @Test
    void anFsyncThatSucceedsAfterOneThatFailedHasWrittenNothing() throws IOException {
        SimDisk disk = new SimDisk(1);
        DiskFile file = emptyDurableFile(disk);
        file.write(0, full());
        disk.failForceAfter(1);
        assertThrows(IOException.class, file::force);
        assertEquals(1, disk.bytes("file")[0], "the page cache shows what the disk does not have");
        file.force();
        disk.powerCut();
        assertArrayEquals(new byte[BYTES], disk.bytes("file"));
    }

    @Test
    void aWriteThatFindsNoRoomFails() throws IOException {
        SimDisk disk = new SimDisk(1);
        DiskFile file = emptyDurableFile(disk);
        disk.limit(BYTES - 1);
        assertThrows(IOException.class, () -> file.write(0, full()));
        assertEquals(BYTES - 1, disk.usableSpace());
    }

    private static DiskFile emptyDurableFile(SimDisk disk) throws IOException {
        DiskFile file = disk.create("file");
        file.force();
        disk.sync();
        return file;
    }

    private static ByteBuffer full() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 1);
        return ByteBuffer.wrap(bytes);
    }
}

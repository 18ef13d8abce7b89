package io.holdfast.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.log.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A simulated disk that loses nothing would prove nothing. */
class SimulatedDiskTest {

    private static final int BYTES = 2_000;

    @Test
    void aProgramThatAcknowledgesBeforeFsyncLosesData() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = disk(seed);
            file(disk).write(0, ones());
            disk.powerCut();
            lost += onesIn(disk) < BYTES ? 1 : 0;
        }
        assertTrue(lost > 25, "lost in " + lost + " of 50 runs");
    }

    @Test
    void whatWasFsyncedStays() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = disk(seed);
            DiskFile file = file(disk);
            file.write(0, ones());
            file.force();
            file.write(BYTES, ones());
            disk.powerCut();
            assertTrue(onesIn(disk) >= BYTES);
        }
    }

    @Test
    void aNameThatWasNotSyncedMayBeLost() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 50; seed++) {
            SimulatedDisk disk = disk(seed);
            disk.create("file").force();
            disk.powerCut();
            lost += disk.list().isEmpty() ? 1 : 0;
        }
        assertTrue(lost > 10 && lost < 40, "lost in " + lost + " of 50 runs");
    }

    @Test
    void anFsyncAfterOneThatFailedSavesNothing() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        DiskFile file = file(disk);
        file.write(0, ones());
        disk.failForceAfter(1);
        assertThrows(IOException.class, file::force);
        file.force();
        assertEquals(BYTES, onesIn(disk), "the cache shows what the disk does not have");
        disk.powerCut();
        assertEquals(0, onesIn(disk));
    }

    @Test
    void aDiskWithoutRoomRefusesToWrite() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        DiskFile file = file(disk);
        disk.room(BYTES - 1);
        assertThrows(IOException.class, () -> file.write(0, ones()));
    }

    @Test
    void aProcessDiesAtTheOperationThatWasChosen() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        DiskFile file = file(disk);
        disk.cutAfter(2);
        file.write(0, ones());
        assertThrows(PowerCut.class, file::force);
        assertThrows(PowerCut.class, disk::list);
    }

    /** Java's generator answers the first question alike for all small seeds, so they are spread. */
    private static SimulatedDisk disk(long seed) {
        return new SimulatedDisk(new Random(seed * 0x9E37_79B9_7F4A_7C15L));
    }

    private static DiskFile file(SimulatedDisk disk) throws IOException {
        DiskFile file = disk.create("file");
        file.force();
        disk.sync();
        return file;
    }

    private static int onesIn(SimulatedDisk disk) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(3 * BYTES);
        disk.open("file").read(0, read);
        int ones = 0;
        for (byte value : read.array()) {
            ones += value;
        }
        return ones;
    }

    private static ByteBuffer ones() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 1);
        return ByteBuffer.wrap(bytes);
    }
}

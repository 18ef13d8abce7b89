package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A power cut at every operation of the disk, also of recovery itself, loses nothing that was synced. */
class LogCrashTest {

    private static final int RECORDS = 60;

    @Test
    void whateverWasSyncedIsThereAfterAPowerCutAtAnyOperation() throws IOException {
        for (long seed = 1; seed <= 2; seed++) {
            long operations = operationsOf(seed);
            for (long cut = 1; cut <= operations; cut++) {
                SimDisk disk = new SimDisk(seed << 32 | cut);
                runThroughCrashes(disk, seed, cut, 3);
            }
        }
    }

    @Test
    void aLongLifeWithManyCrashesKeepsEverything() throws IOException {
        for (long seed = 100; seed < 112; seed++) {
            SimDisk disk = new SimDisk(seed);
            runThroughCrashes(disk, seed, 1 + new Random(seed).nextInt(300), 12);
        }
    }

    @Test
    void aCleanStopKeepsEverythingAndRecoveryHasNothingToSay() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            SimDisk disk = new SimDisk(seed);
            LogWorkload workload = new LogWorkload(seed);
            for (int life = 0; life < 4; life++) {
                Opened opened = LogWorkload.open(disk);
                assertEquals(0, opened.notes().size(), () -> opened.notes().toString());
                workload.verify(opened);
                workload.run(opened, RECORDS);
                opened.log().close();
                disk.restart();
            }
        }
    }

    @Test
    void afterAFailedFsyncNothingIsTakenAndOnlyRecoveryTellsWhatIsThere() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            SimDisk disk = new SimDisk(seed);
            LogWorkload workload = new LogWorkload(seed);
            Opened opened = LogWorkload.open(disk);
            disk.failForceAfter(1 + (int) (seed % 17));
            IOException failure = assertThrows(IOException.class, () -> workload.run(opened, 400));
            if (failure instanceof LogFailedException) {
                assertThrows(LogFailedException.class, () -> opened.log().sync());
                assertThrows(LogFailedException.class, () -> opened.log().retire());
            }
            // The process starts again and finds in the page cache what the disk does not have; then the power goes.
            disk.restart();
            workload.verify(LogWorkload.open(disk));
            disk.powerCut();
            workload.verify(LogWorkload.open(disk));
        }
    }

    private static long operationsOf(long seed) throws IOException {
        SimDisk disk = new SimDisk(seed);
        LogWorkload workload = new LogWorkload(seed);
        workload.run(LogWorkload.open(disk), RECORDS);
        return disk.operations();
    }

    private static void runThroughCrashes(SimDisk disk, long seed, long firstCut, int lives) throws IOException {
        LogWorkload workload = new LogWorkload(seed);
        Random random = new Random(seed * 31 + firstCut);
        try {
            disk.cutAfter(firstCut);
            for (int life = 0; life < lives; life++) {
                try {
                    Opened opened = LogWorkload.open(disk);
                    workload.verify(opened);
                    workload.run(opened, RECORDS);
                } catch (IOException e) {
                    assertTrue(isPowerCut(e), () -> "not by a power cut: " + e);
                }
                disk.powerCut();
                disk.cutAfter(1 + random.nextInt(random.nextBoolean() ? 12 : 150));
            }
            disk.powerCut();
            workload.verify(LogWorkload.open(disk));
        } catch (IOException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", first cut at operation " + firstCut + ": " + e, e);
        }
    }

    private static boolean isPowerCut(Throwable e) {
        return e instanceof SimDisk.PowerCut || e.getCause() != null && isPowerCut(e.getCause());
    }
}

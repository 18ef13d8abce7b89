package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.DiskFile;
import io.holdfast.zab.log.ForwardingDisk;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to real nodes when one of them is sent a snapshot. */
final class SnapshotSendingTest {

    private static final int LANE_FRAMES = 1_000;

    @TempDir
    private Path directory;

    @Test
    void aLeaderThatFindsItsSnapshotDamagedWhileItSendsItGoesOnFromAnOlderOne() throws IOException {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            ensemble.start(1);
            ensemble.start(2);
            addThousand(ensemble);
            int leader = ensemble.leader();
            await(ensemble.node(leader).snapshot());
            flipLastByte(newestSnapshot(leader));
            ensemble.start(3);
            until("the leader notices", () -> ensemble.heard(leader).failure != null);
            String said = String.valueOf(ensemble.heard(leader).failure);
            assertTrue(said.contains("snapshot") && said.contains("after a restart"), said);
            ensemble.stop(leader);
            ensemble.start(leader);
            assertEquals(1_000, ensemble.agreedSum());
            assertEquals(null, ensemble.heard(3).failure);
        }
    }

    /**
     * More is written while the snapshot is on its way than a link holds, and than the window has. With
     * {@code -Dsnapshot.megabytes=500} it is that large.
     */
    @Test
    void aWipedFollowerRejoinsUnderLoadThoughItsSnapshotTakesLongerThanTheLinkHolds() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            ensemble.zab = TestEnsemble.CONFIG.withIdentity(ZabConfig.PROTOCOL_NEWEST, true);
            ensemble.bounds = config -> config.withBounds(20_000, LANE_FRAMES, 4L << 20);
            ensemble.factory = Counter.padded(Long.getLong("snapshot.megabytes", 3) << 20);
            for (int id = 1; id <= 3; id++) {
                ensemble.start(id);
            }
            int leader = ensemble.leader();
            int wiped = leader % 3 + 1;
            int other = wiped % 3 + 1;
            until("the ensemble is founded, which takes all of its voters", () -> {
                Zab.Status status = ensemble.node(leader).status();
                return status.settled() && status.configuration().version() > 0;
            });
            ensemble.stop(wiped);
            wipe(directory.resolve("node-" + wiped));
            for (int i = 0; i < 300; i++) {
                await(ensemble.node(leader).submit(Counter.add(1)));
            }
            await(ensemble.node(leader).snapshot());
            AtomicInteger added = new AtomicInteger(300);
            AtomicInteger gate = new AtomicInteger();
            ensemble.disks = disk -> gated(disk, () -> until("enough was added", () -> added.get() >= gate.get()));
            gate.set(300 + 3 * LANE_FRAMES);
            Future<ZabNode<Counter>> starting = ensemble.starting(wiped);
            long begun = System.nanoTime();
            while (!(starting.succeeded() && starting.result().status().phase() == Phase.BROADCAST)) {
                ensemble.add(1, 200, leader, other);
                added.addAndGet(200);
                assertTrue(System.nanoTime() - begun < TimeUnit.MINUTES.toNanos(10), "it does not come back");
            }
            System.out.printf(
                    "back after %d ms and %d transactions%n",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), added.get());
            assertTrue(added.get() >= gate.get(), "the load went on");
            assertEquals(added.get(), ensemble.agreedSum());
            assertEquals(2, ensemble.heard(wiped).restored.size(), "the empty state, then one snapshot");
            ensemble.nobodyFailed();
        }
    }

    /** Has the first write of a snapshot that is received wait. */
    private static Disk gated(Disk disk, Runnable wait) {
        return new ForwardingDisk(disk) {
            @Override
            public DiskFile create(String name) throws IOException {
                if (name.equals("snapshot-received.tmp")) {
                    wait.run();
                }
                return super.create(name);
            }
        };
    }

    private static void wipe(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addThousand(TestEnsemble ensemble) {
        for (int round = 0; round < 10; round++) {
            ensemble.add(1, 100, 1, 2);
        }
    }

    private Path newestSnapshot(int node) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("node-" + node))) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith("snapshot-") && !name.endsWith(".tmp");
                    })
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }
}

package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to real nodes when one of them is sent a snapshot. */
final class SnapshotSendingTest {

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

    private static void addThousand(TestEnsemble ensemble) {
        for (int round = 0; round < 10; round++) {
            List<Future<Object>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(ensemble.node(1 + i % 2).submit(Counter.add(1)));
            }
            await(Future.all(answers));
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

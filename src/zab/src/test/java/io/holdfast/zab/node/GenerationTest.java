package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.Genesis;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.OfflineDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a part in an ensemble that begins anew. */
class GenerationTest {

    private static final long GENERATION = 1_795_276_800_123L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Member ONE = new Member(new ServerId(1), MemberRole.VOTER, "127.0.0.1", 1);

    @TempDir
    Path directory;

    @Test
    void aServerOfBeforeHasNoPartInItAndJoinsWithAnEmptyDirectory() throws IOException {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            for (int id = 1; id <= 3; id++) {
                ensemble.start(id);
            }
            ensemble.leader();
            add(ensemble.node(1), 20);
            ensemble.agreedSum();
            for (int id = 1; id <= 3; id++) {
                ensemble.stop(id);
            }
            beginAnew(directory.resolve("node-1"));

            ZabNode<Counter> alone = ensemble.start(1);
            add(alone, 5);
            assertEquals(25L, await(alone.readLatest(Counter::sum)));
            assertEquals(GENERATION, alone.status().configuration().generation());
            assertTrue(alone.status().epoch() > 1_000_000, "" + alone.status());
            assertTrue(await(alone.reconfigure(with(alone, MemberRole.OBSERVER), PATIENCE)));

            ZabNode<Counter> ofBefore = ensemble.start(2);
            add(alone, 50);
            assertEquals(Role.LOOKING, ofBefore.status().role(), "a member by its number, and yet of before");
            assertEquals(1, ofBefore.status().configuration().generation());
            ensemble.stop(2);

            wipe(directory.resolve("node-2"));
            ZabNode<Counter> fresh = ensemble.start(2);
            until(
                    "it is in step",
                    () -> fresh.status().phase() == Phase.BROADCAST
                            && fresh.status().configuration().generation() == GENERATION);
            until("it votes", () -> promoted(alone));
            assertEquals(75L, await(fresh.readLatest(Counter::sum)));
            assertEquals(75, ensemble.agreedSum());
            ensemble.nobodyFailed();
        }
    }

    private static boolean promoted(ZabNode<Counter> leader) {
        return leader.reconfigure(with(leader, MemberRole.VOTER), PATIENCE)
                .toCompletionStage()
                .toCompletableFuture()
                .handle((done, refused) -> refused == null && done)
                .join();
    }

    private static Configuration with(ZabNode<Counter> leader, MemberRole role) {
        Member two = new Member(new ServerId(2), role, "127.0.0.1", 1);
        return leader.status().configuration().next(List.of(ONE, two));
    }

    private static void add(ZabNode<Counter> node, int times) {
        for (int i = 0; i < times; i++) {
            await(node.submit(Counter.add(1)));
        }
    }

    private static void beginAnew(Path data) throws IOException {
        try (OfflineDirectory offline = OfflineDirectory.open(FileDisk.at(data.toString()), LogConfig.DEFAULTS)) {
            OfflineDirectory.Contents contents = offline.read();
            assertEquals(Position.START, contents.recovered().snapshot());
            Counter counter = new Counter();
            for (Txn txn : contents.recovered().txns()) {
                if (txn.type() == TxnType.COMMAND) {
                    counter.apply(txn.zxid(), txn.payload());
                }
            }
            Configuration alone = new Configuration(1, GENERATION, Configuration.FIRST_LEVEL, List.of(ONE));
            Position at = new Position(new Zxid(1_000_000, 1), 7);
            LogIdentity identity = new LogIdentity("test", ONE.id());
            Genesis genesis = new Genesis(identity, new DiskId(3, 4), alone, at);
            offline.begin(genesis, 0, counter.digest(), counter::writeSnapshot);
        }
    }

    private static void wipe(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that nobody's list has is taken in by the address of any member (decision 0018). */
class JoiningTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NOBODY = 77;

    @TempDir
    Path directory;

    private static void change(TestEnsemble ensemble, int id, MemberRole role) {
        ZabNode<Counter> leader = ensemble.node(ensemble.leader());
        Configuration now = leader.status().configuration();
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(member -> member.id().value() == id);
        members.add(new Member(new ServerId(id), role, "127.0.0.1", 1));
        assertTrue(await(leader.reconfigure(now.next(members), LIMIT)));
    }

    @Test
    void aNodeThatJoinsWaitsUntilItIsAddedAndIsAnObserverThen() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ensemble.start(1);
            await(ensemble.node(1).submit(Counter.add(5)));
            Future<ZabNode<Counter>> joining = ensemble.startJoining(9, NOBODY, 1);
            await(ensemble.node(1).submit(Counter.add(2)));
            assertFalse(joining.isComplete());

            change(ensemble, 9, MemberRole.OBSERVER);
            await(joining);
            until("it is in step", () -> ensemble.node(9).status().role() == Role.OBSERVING);
            assertEquals(7L, await(ensemble.node(9).readLatest(Counter::sum)));
            assertEquals(10L, await(ensemble.node(9).submit(Counter.add(3))));

            ensemble.stop(9);
            await(ensemble.startJoining(9, NOBODY));
            assertEquals(10L, await(ensemble.node(9).readLatest(Counter::sum)));
            ensemble.nobodyFailed();
        }
    }

    /** Two ensembles that were founded from one list are told apart by the time of their founding. */
    @Test
    void aNodeOfAGenerationJoinsNoOtherOneAndFoundsNone() {
        try (TestEnsemble other = new TestEnsemble(directory.resolve("other"), 1);
                TestEnsemble own = new TestEnsemble(directory.resolve("own"), 1)) {
            for (TestEnsemble each : List.of(other, own)) {
                each.zab = TestEnsemble.CONFIG.withIdentity(ZabConfig.PROTOCOL_NEWEST, true);
                ZabNode<Counter> founder = each.start(1);
                until("it is founded", () -> founder.status().configuration().version() > 0);
                change(each, 9, MemberRole.OBSERVER);
            }
            long generation = own.node(1).status().configuration().generation();
            assertNotEquals(other.node(1).status().configuration().generation(), generation);
            List<NodeConfig.Seed> both = List.of(
                    new NodeConfig.Seed("127.0.0.1", other.node(1).peerPort()),
                    new NodeConfig.Seed("127.0.0.1", own.node(1).peerPort()));
            own.bounds = config -> config.ofGeneration(generation).joining(both);
            ZabNode<Counter> joined = await(own.starting(9));
            assertEquals(generation, joined.status().configuration().generation());

            own.bounds = config -> config.ofGeneration(generation);
            Future<ZabNode<Counter>> alone = own.starting(8);
            until("it is refused", alone::isComplete);
            assertTrue(alone.cause().getMessage().contains("founds none"), alone.cause()::getMessage);
        }
    }

    /** What it acknowledged is gone, so it must not count (protocol.md#lost-or-damaged-disks). */
    @Test
    void aVoterDoesNotJoinWithAnEmptyDirectory() throws IOException {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ensemble.start(1);
            change(ensemble, 9, MemberRole.OBSERVER);
            await(ensemble.startJoining(9, 1));
            until("it is in step", () -> ensemble.node(9).status().role() == Role.OBSERVING);
            ensemble.agreedSum();
            change(ensemble, 9, MemberRole.VOTER);
            ensemble.stop(9);
            try (var files = Files.walk(directory.resolve("node-9"))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            Future<ZabNode<Counter>> joining = ensemble.startJoining(9, 1);
            until("it is refused", joining::isComplete);
            assertTrue(
                    joining.cause().getMessage().contains("add it as an observer first"), joining.cause()::getMessage);
        }
    }
}

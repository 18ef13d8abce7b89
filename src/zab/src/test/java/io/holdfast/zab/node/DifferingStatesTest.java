package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of which one makes another state of the same log, so that its own snapshots show nothing. */
class DifferingStatesTest {

    @TempDir
    Path directory;

    private TestEnsemble ensemble(int size) {
        TestEnsemble ensemble = new TestEnsemble(directory, size);
        ensemble.zab = TestEnsemble.CONFIG.withIdentity(ZabConfig.PROTOCOL_NEWEST, true);
        return ensemble;
    }

    private static void startWithAnotherState(TestEnsemble ensemble, int id) {
        ensemble.factory = new StateMachineFactory<>() {
            @Override
            public Counter empty(int level) {
                return new Counter(1);
            }

            @Override
            public Counter read(InputStream in) throws IOException {
                return Counter.FACTORY.read(in);
            }
        };
        ensemble.start(id);
    }

    /** More than lie between two digests, whatever becomes of them. */
    private static void submitSome(ZabNode<Counter> node) {
        for (int i = 0; i < 20; i++) {
            Future<Object> answer = node.submit(Counter.add(1));
            until("an answer", answer::isComplete);
        }
    }

    @Test
    void aNodeWhoseStateIsAnotherThanThatOfTheOthersStops() {
        try (TestEnsemble ensemble = ensemble(3)) {
            ensemble.start(1);
            ensemble.start(2);
            startWithAnotherState(ensemble, 3);
            ensemble.leader();
            until("the others notice", () -> {
                submitSome(ensemble.node(1));
                return ensemble.heard(3).failure != null;
            });
            String why = String.valueOf(ensemble.heard(3).failure);
            assertTrue(why.contains("digest") || why.contains("another state"), why);
            assertTrue(ensemble.heard(1).failure == null && ensemble.heard(2).failure == null);
        }
    }

    /** Nobody can tell which of the two is right. */
    @Test
    void ofTwoNodesWithDifferentStatesTheLeaderTellsOfTheOther() {
        try (TestEnsemble ensemble = ensemble(2)) {
            ensemble.start(1);
            startWithAnotherState(ensemble, 2);
            int leader = ensemble.leader();
            ServerId other = new ServerId(3 - leader);
            assertEquals(List.of(), ensemble.node(leader).status().differing());
            until("the leader notices", () -> {
                submitSome(ensemble.node(leader));
                return ensemble.node(leader).status().differing().equals(List.of(other));
            });
            assertEquals(List.of(), ensemble.node(other.value()).status().differing());
            Stream.of(1, 2).forEach(id -> assertTrue(ensemble.heard(id).failure == null, "node " + id + " goes on"));
        }
    }
}

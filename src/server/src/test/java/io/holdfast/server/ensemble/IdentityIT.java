package io.holdfast.server.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import io.holdfast.server.replica.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are upgraded one by one, and one that loses its disk; which way each took is what its own log says. */
class IdentityIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int LOCKS = 2;
    private static final String RAISES = "Upkeep[next=Configuration[version=1, generation=1, level=2";

    /** Which read a file of settings that can be changed between two starts. */
    @RegisterExtension
    final Nodes nodes = new Nodes(
            3,
            blueprint -> blueprint.with(
                    "smallrye.config.locations", file(blueprint.directory()).toString()));

    private static Path file(Path directory) {
        return directory.resolve("node.properties");
    }

    private void speak(int version) throws IOException {
        var directory = nodes.ensemble().dataDirectory(1).getParent();
        Files.writeString(file(directory), "holdfast.peer.protocol-max=" + version + "\n");
    }

    @Test
    void aRollingUpgradeAndALostDiskLoseNothingAndNeedNobody() throws Exception {
        var ensemble = nodes.ensemble();
        speak(1);
        ensemble.start();
        speak(2);
        var history = new History();
        try (var load = new SteadyLoad(ensemble, history, LOCKS)) {
            for (var id = 1; id <= ensemble.size(); id++) {
                awaitProgress(load, history, "before node " + id + " is upgraded");
                assertFalse(saidByAny(ensemble, RAISES), "the level rose before node " + id + " was upgraded");
                ensemble.node(id).stop();
                ensemble.node(id).start();
                ensemble.awaitReady();
            }
            Eventually.await("the level rises", BOUND, () -> saidByAny(ensemble, RAISES));
            awaitProgress(load, history, "at the new level");
            losesItsDisk(ensemble, ensemble.follower());
            awaitProgress(load, history, "with the new disk");
            load.stop();
        }
        assertEquals(List.of(), HistoryCheck.violations(history));
        speak(1);
        var old = ensemble.node(ensemble.follower());
        old.stop();
        old.start();
        assertEquals(ExitCode.DIRECTORY_REFUSED.code(), old.awaitExit(BOUND));
        new Client(ensemble, 1).openSession();
    }

    private static void losesItsDisk(Ensemble ensemble, int id) throws Exception {
        var node = ensemble.node(id);
        node.kill();
        var said = said(node).length();
        try (var files = Files.walk(ensemble.dataDirectory(id))) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        node.start();
        Eventually.await(node + " observes", BOUND, () -> said(node).indexOf("is OBSERVING in BROADCAST", said) > 0);
        var observed = said(node).indexOf("is OBSERVING in BROADCAST", said);
        Eventually.await(node + " votes", BOUND, () -> said(node).indexOf("is FOLLOWING in BROADCAST", observed) > 0);
        ensemble.awaitReady();
    }

    /** Every client gets something done, not only the fortunate ones. */
    private static void awaitProgress(SteadyLoad load, History history, String when) throws Exception {
        var before = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= before + 4 * LOCKS;
        });
    }

    private static boolean saidByAny(Ensemble ensemble, String text) {
        for (var id = 1; id <= ensemble.size(); id++) {
            if (said(ensemble.node(id)).contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static String said(NodeProcess node) {
        try {
            return node.log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

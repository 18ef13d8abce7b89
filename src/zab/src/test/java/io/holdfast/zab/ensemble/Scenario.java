package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.function.Consumer;

/** The steps that scenarios share: servers in a given situation, and what is done to them at a given message. */
final class Scenario {

    private Scenario() {}

    static SimEnsemble started(long seed, int voters) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    /** One server is down, and so far behind that it needs a snapshot and some transactions. */
    static SimEnsemble withOneFarBehind(long seed, int voters) {
        SimEnsemble ensemble = started(seed, voters);
        SimNode away = any(ensemble, ensemble.leader());
        ensemble.crash(away);
        for (int i = 0; i < 130; i++) {
            answered(ensemble, ensemble.leader(), 500);
        }
        return ensemble;
    }

    /** The one that is down starts, and everything comes to rest. */
    static void recovers(SimEnsemble ensemble, Class<?> step, boolean[] seen) {
        ensemble.start(down(ensemble));
        ensemble.await("all serve, after " + step.getSimpleName(), 6_000, () -> ensemble.leader() != null);
        assertTrue(seen[0]);
        ensemble.runMillis(50);
        ensemble.await("all serve", 6_000, () -> ensemble.leader() != null);
        for (SimNode node : ensemble.nodes()) {
            answered(ensemble, node, 1_000);
        }
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
        assertTrue(ensemble.history().committed().size() >= 133);
    }

    static SimNode down(SimEnsemble ensemble) {
        return ensemble.nodes().stream()
                .filter(node -> !node.isUp())
                .findFirst()
                .orElseThrow();
    }

    static void restart(SimEnsemble ensemble, SimNode node) {
        if (node.isUp()) {
            ensemble.crash(node);
        }
        ensemble.start(node);
    }

    /** The link breaks with the first message of a kind. */
    static boolean[] cutAt(SimEnsemble ensemble, Class<? extends ReplicationMessage> kind) {
        boolean[] cut = {false};
        ensemble.network().tap((from, to, message) -> {
            if (!cut[0] && kind.isInstance(message)) {
                cut[0] = true;
                return false;
            }
            return true;
        });
        return cut;
    }

    /** Something happens a little after the first message of a kind has arrived. */
    static boolean[] whenFirst(
            SimEnsemble ensemble, Class<? extends ReplicationMessage> kind, int micros, Runnable action) {
        boolean[] seen = {false};
        ensemble.network().tap((from, to, message) -> {
            if (!seen[0] && kind.isInstance(message)) {
                seen[0] = true;
                later(ensemble, micros, action);
            }
            return true;
        });
        return seen;
    }

    static void later(SimEnsemble ensemble, int micros, Runnable action) {
        ensemble.scheduler().afterMicros(micros, action);
    }

    static void answered(SimEnsemble ensemble, SimNode node, long millis) {
        long request = ensemble.submit(node);
        ensemble.await("an answer for " + node.id(), millis, () -> ensemble.isAnswered(node, request));
    }

    static SimNode aLeader(SimEnsemble ensemble) {
        SimNode leader = null;
        for (SimNode node : ensemble.nodes()) {
            leader = node.leads()
                            && (leader == null
                                    || node.status().epoch() > leader.status().epoch())
                    ? node
                    : leader;
        }
        return leader;
    }

    static SimNode any(SimEnsemble ensemble, SimNode except) {
        return ensemble.nodes().stream()
                .filter(node -> node != except)
                .findFirst()
                .orElseThrow();
    }

    static void others(SimEnsemble ensemble, SimNode except, Consumer<SimNode> action) {
        ensemble.nodes().stream().filter(node -> node != except).forEach(action);
    }

    static boolean hasConverged(SimEnsemble ensemble) {
        int size = ensemble.history().committed().size();
        return ensemble.nodes().stream().allMatch(node -> node.applied().size() == size);
    }
}

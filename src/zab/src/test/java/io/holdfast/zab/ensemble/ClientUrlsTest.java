package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ZabConfig;
import org.junit.jupiter.api.Test;

/** Each member tells where clients reach it, and the leader tells it to all, observers behind a follower included. */
class ClientUrlsTest {

    private static final int MEMBERS = 7;

    /** No observer is fed by the leader. */
    private static final ZabConfig FANNED = FanOutTest.FANNED;

    private static String url(SimNode node, String host) {
        return "http://" + host + "-" + node.id() + ":7100";
    }

    private static boolean isKnown(SimNode of, SimNode at, String host) {
        return at.status().members().stream()
                .filter(state -> state.id().equals(of.id()))
                .map(MemberState::clientUrl)
                .anyMatch(url(of, host)::equals);
    }

    private static void allKnow(SimEnsemble ensemble, String host) {
        ensemble.await(
                "all know where clients reach all",
                5_000,
                () -> ensemble.nodes().stream()
                        .allMatch(at -> at.status().members().size() == MEMBERS
                                && ensemble.nodes().stream().allMatch(of -> isKnown(of, at, host))));
    }

    @Test
    void everyServerLearnsWhereClientsReachAllOthers() {
        SimEnsemble ensemble = new SimEnsemble(9, 3, MEMBERS - 3, FANNED);
        ensemble.nodes().forEach(node -> node.configure(FANNED.withClientUrl(url(node, "old"))));
        ensemble.startAll();
        ensemble.awaitLeader();
        allKnow(ensemble, "old");
        for (SimNode node : ensemble.nodes()) {
            node.configure(FANNED.withClientUrl(url(node, "new")));
            ensemble.crash(node);
            ensemble.start(node);
            ensemble.runMillis(1_000);
        }
        ensemble.awaitLeader();
        allKnow(ensemble, "new");
    }
}

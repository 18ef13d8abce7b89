package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ZabConfig;
import org.junit.jupiter.api.Test;

/**
 * Each member tells where clients reach it and its release, and the leader tells it to all, observers behind a follower
 * included.
 */
class MemberInfoTest {

    private static final int MEMBERS = 7;

    /** No observer is fed by the leader. */
    private static final ZabConfig FANNED = FanOutTest.FANNED;

    private static MemberInfo info(SimNode node, String release) {
        return new MemberInfo("http://" + release + "-" + node.id() + ":7100", release);
    }

    private static boolean isKnown(SimNode of, SimNode at, String release) {
        return at.status().members().stream()
                .filter(state -> state.id().equals(of.id()))
                .map(MemberState::info)
                .anyMatch(info(of, release)::equals);
    }

    private static void allKnow(SimEnsemble ensemble, String release) {
        ensemble.await(
                "all know what all say of themselves",
                5_000,
                () -> ensemble.nodes().stream()
                        .allMatch(at -> at.status().members().size() == MEMBERS
                                && ensemble.nodes().stream().allMatch(of -> isKnown(of, at, release))));
    }

    @Test
    void everyServerLearnsWhatAllOthersSayOfThemselves() {
        SimEnsemble ensemble = new SimEnsemble(9, 3, MEMBERS - 3, FANNED);
        ensemble.nodes().forEach(node -> node.configure(FANNED.withInfo(info(node, "old"))));
        ensemble.startAll();
        ensemble.awaitLeader();
        allKnow(ensemble, "old");
        for (SimNode node : ensemble.nodes()) {
            node.configure(FANNED.withInfo(info(node, "new")));
            ensemble.crash(node);
            ensemble.start(node);
            ensemble.runMillis(1_000);
        }
        ensemble.awaitLeader();
        allKnow(ensemble, "new");
    }
}

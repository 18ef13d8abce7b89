package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A fault of nodes that must cost no lease. */
enum NodeFault {
    /** The leader is killed, and started again when another leads. */
    LEADER_KILLED("leader killed"),
    /** The leader stands still for 4 s. */
    LEADER_STOPPED("leader stopped 4 s"),
    /** Each node is ended and started again, one after the other. */
    ROLLING_RESTART("rolling restart");

    private static final Duration STOPPED = Duration.ofSeconds(4);
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final String label;

    NodeFault(String label) {
        this.label = label;
    }

    /** Its name in the table. */
    String label() {
        return label;
    }

    /** Begins, and returns when it is over and all nodes are ready. */
    void run(Ensemble nodes) throws IOException, TimeoutException {
        var leader = nodes.node(nodes.awaitLeader());
        switch (this) {
            case LEADER_KILLED -> {
                leader.kill();
                nodes.awaitLeader();
                leader.start();
            }
            case LEADER_STOPPED -> {
                var end = System.nanoTime() + STOPPED.toNanos();
                leader.freeze();
                Eventually.await("4 s", BOUND, () -> System.nanoTime() - end > 0);
                leader.thaw();
            }
            case ROLLING_RESTART -> {
                for (var id = 1; id <= nodes.size(); id++) {
                    nodes.node(id).stop();
                    nodes.node(id).start();
                    nodes.awaitReady(id);
                }
            }
        }
        nodes.awaitReady();
    }
}

package io.holdfast.server.replica;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.node.ZabNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Ends a node in order and then the Vert.x instance that it ran on, each within a time. Blocks its caller. */
final class NodeEnd {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    private static final long STEP_SECONDS = 5;

    /** A leader that leaves waits so long for its successor; without one an election follows its end. */
    private static final Duration HAND_OFF = Duration.ofSeconds(1);

    /** One that goes on serving may wait longer. */
    private static final Duration EARLY_HAND_OFF = Duration.ofSeconds(STEP_SECONDS - 1);

    private final Vertx core;

    NodeEnd(Vertx core) {
        this.core = core;
    }

    /** There is no node yet. */
    void withoutNode() throws Exception {
        await(core.close());
    }

    /**
     * Transfers leadership if this node leads and another can take over, and closes its log.
     *
     * @param quiet ends what the server itself does on the node's context, where it is called
     */
    void of(ZabNode<?> node, Runnable quiet) throws Exception {
        try {
            handOver(node, HAND_OFF);
        } finally {
            // Whatever became of the hand-over: a log that is not closed in order is recovered at the next start.
            node.context().runOnContext(v -> quiet.run());
            try {
                await(node.close());
            } finally {
                // Not chained: what follows a future of this instance would run on an event loop that is gone by then.
                await(core.close());
            }
        }
    }

    /** Transfers leadership of a node that goes on serving for a while; at once when it does not lead. */
    static void handOverEarly(ZabNode<?> node) {
        try {
            handOver(node, EARLY_HAND_OFF);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void handOver(ZabNode<?> node, Duration limit) throws InterruptedException {
        try {
            if (hasSuccessor(node.status())) {
                await(node.handOff(null, limit));
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.infof("Leadership was not transferred before the stop (%s); an election follows.", e.getMessage());
        }
    }

    private static boolean hasSuccessor(Zab.Status status) {
        return status.role() == Role.LEADING
                && status.members().stream()
                        .anyMatch(member -> member.role() == Role.FOLLOWING && member.phase() == Phase.BROADCAST);
    }

    private static void await(Future<?> ending) throws InterruptedException, ExecutionException, TimeoutException {
        ending.toCompletionStage().toCompletableFuture().get(STEP_SECONDS, TimeUnit.SECONDS);
    }
}

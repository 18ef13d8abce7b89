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
            if (hasSuccessor(node.status())) {
                await(node.handOff(null, HAND_OFF));
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.infof("Leadership was not transferred before the stop (%s); an election follows.", e.getMessage());
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

    private static boolean hasSuccessor(Zab.Status status) {
        return status.role() == Role.LEADING
                && status.members().stream()
                        .anyMatch(member -> member.role() == Role.FOLLOWING && member.phase() == Phase.BROADCAST);
    }

    private static void await(Future<?> ending) throws Exception {
        ending.toCompletionStage().toCompletableFuture().get(STEP_SECONDS, TimeUnit.SECONDS);
    }
}

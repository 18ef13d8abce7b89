package io.holdfast.server.replica;

import io.holdfast.zab.core.Configuration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ensemble of this node is the one that its settings name. A node of another one stays out of the way: it
 * is not ready, and serves no client. In its own ensemble it takes part as before, which that of the settings cannot
 * notice, because nodes of two generations reject each other's connections.
 */
final class ExpectedGeneration {

    private static final Logger LOG = Logger.getLogger("io.holdfast.node");

    private final @Nullable Long expected;
    private boolean told;

    ExpectedGeneration(Optional<Long> expected) {
        this.expected = expected.orElse(null);
    }

    /**
     * Says that a configuration is of another generation, and what to do; any thread.
     *
     * @return null when it is not, or nothing was committed in it yet
     */
    @Nullable
    String objection(Configuration inForce) {
        if (expected == null || inForce.version() == 0 || inForce.generation() == expected) {
            return null;
        }
        return "the ensemble of this node is of generation " + inForce.generation() + ", and holdfast.generation is "
                + expected
                + ": it serves no clients. If that ensemble was founded by mistake, stop this node, empty its"
                + " data directory, and start it with holdfast.join; if it was restored or recovered, set"
                + " holdfast.generation to " + inForce.generation();
    }

    /** Logs it once; on one thread. */
    void look(Configuration inForce) {
        String objection = told ? null : objection(inForce);
        if (objection != null) {
            told = true;
            LOG.warn(objection);
        }
    }
}

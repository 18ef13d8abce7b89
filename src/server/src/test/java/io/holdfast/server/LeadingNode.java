package io.holdfast.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.replica.Replica;
import io.holdfast.server.replica.ReplicaState;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.callback.QuarkusTestBeforeEachCallback;
import io.quarkus.test.junit.callback.QuarkusTestMethodContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has each test begin at a node that leads. The application has started when the node listens, and a test that comes
 * first could see it while it still looks for a leader.
 */
public final class LeadingNode implements QuarkusTestBeforeEachCallback {

    private static final long PATIENCE_SECONDS = 60;
    private static final long PAUSE_NANOS = 10_000_000;

    @Override
    public void beforeEach(QuarkusTestMethodContext context) {
        var replica = Arc.container().instance(Replica.class).get();
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (var state = replica.state(); state == null || !leads(state); state = replica.state()) {
            var seen = state;
            assertTrue(System.nanoTime() < deadline, () -> "the node does not lead: " + seen);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean leads(ReplicaState state) {
        return state.synced() && state.role().equals("leader");
    }
}

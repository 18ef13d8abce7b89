package io.holdfast.server.health;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.edge.LoopWatch;
import io.holdfast.server.edge.WarmUp;
import io.holdfast.server.replica.Alarm;
import io.holdfast.server.replica.Replica;
import io.holdfast.server.replica.ReplicaState;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The three probes. Live: the event loops of the node and of HTTP turn; a node without a leader lives, for a restart
 * would not bring it one. Ready: it is a member in step with a leader that a quorum follows, and heard of it lately,
 * and has loaded what requests need. Started: its state is recovered, or it waits to be let in, which no restart would
 * change.
 */
@Singleton
final class NodeHealth {

    /** An event loop that ran no tick for so long is stuck. */
    private static final long STUCK_MILLIS = 10_000;

    /** A leader not heard for so many times the sync limit is as good as none. */
    private static final int SILENT_SYNC_LIMITS = 2;

    private final Replica replica;
    private final HoldfastConfig config;
    private final LoopWatch loops;
    private final WarmUp warmUp;

    @Inject
    NodeHealth(Replica replica, HoldfastConfig config, LoopWatch loops, WarmUp warmUp) {
        this.replica = replica;
        this.config = config;
        this.loops = loops;
        this.warmUp = warmUp;
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> {
            ReplicaState state = replica.state();
            boolean turns = state == null || state.beatAgeMs() < STUCK_MILLIS;
            return HealthCheckResponse.named("event-loop").status(turns).build();
        };
    }

    /** One loop may stand still while another one answers this probe. */
    @Produces
    @Singleton
    @Liveness
    HealthCheck http() {
        return () -> {
            long standstill = loops.standstillMillis();
            return HealthCheckResponse.named("http-event-loops")
                    .status(standstill < STUCK_MILLIS)
                    .withData("standstillMs", standstill)
                    .build();
        };
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> {
            ReplicaState state = replica.state();
            HealthCheckResponseBuilder response = HealthCheckResponse.named("in-step-with-leader");
            if (state == null) {
                return response.down()
                        .withData("reason", replica.startingMessage())
                        .build();
            }
            long silentMillis = config.zab().syncLimit().toMillis() * SILENT_SYNC_LIMITS;
            boolean heard = state.leaderAgeMs() >= 0 && state.leaderAgeMs() <= silentMillis;
            boolean member = !replica.isOutside();
            String other = replica.otherGeneration();
            if (other != null) {
                response.withData("reason", other);
            }
            return response.status(state.synced() && heard && member && warmUp.isDone())
                    .withData("warm", warmUp.isDone())
                    .withData("member", member)
                    .withData("role", state.role())
                    .withData("phase", state.phase())
                    .withData("epoch", state.epoch())
                    .withData("applied", state.applied().toString())
                    .withData("leaderAgeMs", state.leaderAgeMs())
                    .withData(
                            "alarms", replica.alarms().stream().map(Alarm::name).collect(Collectors.joining(",")))
                    .build();
        };
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck started() {
        return () -> HealthCheckResponse.named("recovered")
                .status(replica.state() != null || replica.joins())
                .build();
    }
}

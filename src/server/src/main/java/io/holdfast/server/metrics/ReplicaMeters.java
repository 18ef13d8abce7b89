package io.holdfast.server.metrics;

import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.replica.Replica;
import io.holdfast.server.replica.ReplicaState;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Meters of what the node is and holds; read when they are scraped, at most a tick old. */
@Singleton
final class ReplicaMeters {

    private static final List<String> ROLES = List.of("leader", "follower", "observer", "looking");

    private final Replica replica;
    private final AccessRules rules;
    private final Meters meters;

    @Inject
    ReplicaMeters(Replica replica, AccessRules rules, Meters meters) {
        this.replica = replica;
        this.rules = rules;
        this.meters = meters;
    }

    void onStart(@Observes StartupEvent event) {
        gauge("holdfast.epoch", "The epoch adopted last", ReplicaState::epoch);
        gauge(
                "holdfast.generation",
                "Which ensemble this is: when it was founded or restored, in milliseconds since 1970",
                ReplicaState::generation);
        gauge(
                "holdfast.apply.lag.transactions",
                "Transactions that this node knows as committed and has not applied; NaN across a change of epoch",
                ReplicaMeters::applyLag);
        gauge(
                "holdfast.proposals.outstanding",
                "Proposals of this leader that are not committed",
                ReplicaState::outstanding);
        gauge("holdfast.requests.pending", "Requests of this node's clients without an answer", ReplicaState::pending);
        gauge(
                "holdfast.leader.age.seconds",
                "Time since a leader that a quorum follows was heard; NaN when none ever was",
                state -> state.leaderAgeMs() < 0 ? Double.NaN : state.leaderAgeMs() / 1_000.0);
        gauge("holdfast.synced", "1 while in step with a leader", state -> state.synced() ? 1 : 0);
        gauge("holdfast.sessions", "Open sessions", ReplicaState::sessions);
        gauge("holdfast.grants.holding", "Grants that hold their locks", ReplicaState::held);
        gauge("holdfast.waiters", "Tickets in line", ReplicaState::waiting);
        gauge("holdfast.polls", "Requests held by this node", ReplicaState::polls);
        for (String role : ROLES) {
            gauge(
                    "holdfast.role",
                    "1 for the role that this node has",
                    state -> state.role().equals(role) ? 1 : 0,
                    "role",
                    role);
        }
        meters.counter(
                "holdfast.acl.observed",
                "Requests that would have been refused if rules were enforced; while they are observed",
                rules,
                AccessRules::observedRefusals);
        meters.counter(
                "holdfast.elections", "How often this node looked for a leader", replica, ReplicaMeters::elections);
    }

    /** The counter begins again with each epoch: only within one it can be subtracted. */
    private static double applyLag(ReplicaState state) {
        return state.applied().epoch() == state.committed().epoch()
                ? Math.max(0, state.committed().counter() - state.applied().counter())
                : Double.NaN;
    }

    private void gauge(String name, String description, ToDoubleFunction<ReplicaState> value, String... tags) {
        meters.gauge(name, description, replica, r -> value(r, value), tags);
    }

    /** A counter has no value for "not yet" but none. */
    private static double elections(Replica replica) {
        ReplicaState state = replica.state();
        return state == null ? 0 : state.elections();
    }

    private static double value(Replica replica, ToDoubleFunction<ReplicaState> value) {
        ReplicaState state = replica.state();
        return state == null ? Double.NaN : value.applyAsDouble(state);
    }
}

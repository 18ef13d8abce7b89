package io.holdfast.server.replica;

import io.holdfast.lock.Carried;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What administrators ask of the ensemble, whichever node they ask. As {@link LockService}: any thread, never blocks,
 * and the only expected failure is {@link Refused}.
 */
@Singleton
public final class Administration {

    private static final Duration HAND_OVER = Duration.ofSeconds(10);

    private final Replica replica;

    @Inject
    Administration(Replica replica) {
        this.replica = replica;
    }

    /**
     * Changes one member, and waits a bounded time until nobody who left is needed any more. Refused, with nothing
     * done: {@code MEMBER_UNKNOWN}, {@code MEMBER_MISMATCH}, {@code CHANGE_IN_PROGRESS}, {@code NOT_SYNCED},
     * {@code WOULD_LOSE_QUORUM}, {@code NO_SUCCESSOR}, {@code VERSION_STALE}, {@code QUOTA_EXCEEDED}.
     *
     * @param ifVersion only if the configuration has this version; null for whichever is in force
     * @param dryRun whether to say only what would happen
     */
    public Uni<Answer<ChangedMembers>> change(
            Caller caller, MemberChange wanted, @Nullable Long ifVersion, boolean dryRun) {
        return asked(caller, () -> new ChangeAttempt(replica, wanted, ifVersion, dryRun).run());
    }

    /**
     * Has another voter lead; requests wait meanwhile, and none fails. Refused: {@code MEMBER_UNKNOWN},
     * {@code NOT_SYNCED}, {@code NO_SUCCESSOR}; {@code OUTCOME_UNKNOWN} when it did not happen in time.
     *
     * @param to who shall lead, done when it does already; null for the best of the others
     */
    public Uni<Answer<ClusterView>> handOver(Caller caller, @Nullable Integer to) {
        return asked(
                caller,
                () -> replica.latestStatus()
                        .compose(status -> handOver(to, status))
                        .recover(failure -> Future.failedFuture(replica.translated(failure, true))));
    }

    private Future<ClusterView> handOver(@Nullable Integer to, Zab.Status status) {
        ServerId successor = to == null ? null : new ServerId(to);
        if (successor != null && successor.equals(status.leader())) {
            return Future.succeededFuture(view());
        }
        Refused refusal = successor == null ? noSuccessor(status) : unfit(successor, status);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        return replica.handOff(successor, HAND_OVER).map(done -> {
            if (!done) {
                throw refused(
                        Problem.OUTCOME_UNKNOWN,
                        "the leader was asked to hand over and has not in time, which it still may; ask again");
            }
            return view();
        });
    }

    private @Nullable Refused noSuccessor(Zab.Status status) {
        return new Forecast(status).hasSuccessor(status.configuration())
                ? null
                : refused(Problem.NO_SUCCESSOR, "no other voter is in step with the leader; start one, and ask again");
    }

    private @Nullable Refused unfit(ServerId successor, Zab.Status status) {
        if (!status.configuration().contains(successor)) {
            return refused(Problem.MEMBER_UNKNOWN, "no member has id " + successor + "; GET /v1/cluster shows them");
        }
        if (!status.configuration().isVoter(successor)) {
            return refused(Problem.NOT_SYNCED, "member " + successor + " has no vote; promote it first");
        }
        return new Forecast(status).isInStep(successor)
                ? null
                : refused(
                        Problem.NOT_SYNCED,
                        "member " + successor + " does not follow the leader now; start it, wait until GET /v1/cluster"
                                + " shows it in broadcast, and ask again");
    }

    private ClusterView view() {
        return replica.clusterView();
    }

    private Refused refused(Problem problem, String message) {
        return new Refused(problem, message, replica.appliedAt(0), null);
    }

    /** Asks on behalf of a caller that may change members by the newest rules. */
    private <T> Uni<Answer<T>> asked(Caller caller, Supplier<Future<T>> question) {
        return Uni.createFrom()
                .completionStage(() -> replica.access()
                        .administered(caller, Verb.ADMIN_MEMBERS)
                        .compose(allowed -> {
                            Refused notHere = replica.access().notHere(Carried::administration);
                            return notHere == null ? question.get() : Future.failedFuture(notHere);
                        })
                        .toCompletionStage())
                .map(value -> new Answer<>(value, replica.appliedAt(0)));
    }
}

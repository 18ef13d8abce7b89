package io.holdfast.server.replica;

import io.holdfast.lock.LockTable;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads of the local table, once it is as fresh as was asked for (protocol.md#reads). */
final class Reads {

    private final Replica replica;

    Reads(Replica replica) {
        this.replica = replica;
    }

    /** Reads when the table is fresh enough. The query runs on the node's context and keeps nothing of the table. */
    <T> Uni<Answer<T>> read(ReadOptions options, BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        return Uni.createFrom()
                .deferred(() -> options.minRevision() == null && !isLocal(options, replica.appliedAt(0))
                        ? latest(query)
                        : ready(options).chain(ready -> now(query)));
    }

    /** Confirms and reads in one visit to the node's context. */
    private <T> Uni<Answer<T>> latest(BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        return Uni.createFrom()
                .completionStage(
                        () -> replica.readLatest(table -> answer(table, query)).toCompletionStage())
                .onFailure()
                .transform(failure -> replica.translated(failure, false))
                .map(Outcome::orThrow);
    }

    private <T> Uni<Answer<T>> now(BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        return NodeTask.on(replica, task -> task.end(answer(replica.events().table(), query)));
    }

    private <T> Outcome<Answer<T>> answer(LockTable table, BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        AppliedAt at = replica.appliedAt(table.revision());
        Outcome<T> outcome = query.apply(table, at);
        Refused refused = outcome.refused();
        return refused != null ? Outcome.refused(refused) : Outcome.of(new Answer<>(outcome.orThrow(), at));
    }

    /** Completes, with true, when the local table is as fresh as asked for. */
    Uni<Boolean> ready(ReadOptions options) {
        return Uni.createFrom().deferred(() -> {
            AppliedAt at = replica.appliedAt(0);
            Uni<Boolean> confirmed = isLocal(options, at) ? local() : linearizable();
            Revision least = options.minRevision();
            return least == null ? confirmed : confirmed.chain(ready -> applied(least));
        });
    }

    private static boolean isLocal(ReadOptions options, AppliedAt at) {
        Duration maxStale = options.maxStale();
        boolean tooOld = maxStale != null && (at.ageMs() < 0 || at.ageMs() > maxStale.toMillis());
        return options.consistency() == ReadOptions.Consistency.LOCAL && !tooOld;
    }

    private Uni<Boolean> local() {
        Refused stale = replica.staleness();
        return stale == null ? Uni.createFrom().item(true) : Uni.createFrom().failure(stale);
    }

    private Uni<Boolean> linearizable() {
        return Uni.createFrom()
                .completionStage(() -> replica.readIndex().map(true).toCompletionStage())
                .onFailure()
                .transform(failure -> replica.translated(failure, false));
    }

    private Uni<Boolean> applied(Revision least) {
        return NodeTask.on(replica, task -> {
            long deadline =
                    System.nanoTime() + replica.config().limits().revisionWait().toNanos();
            look(task, least.packed(), deadline);
        });
    }

    private void look(NodeTask<Boolean> task, long least, long deadline) {
        if (task.isOver()) {
            return;
        }
        ReplicaEvents events = replica.events();
        AppliedAt at = replica.appliedAt(events.table().revision());
        @Nullable Refused refused = null;
        if (at.revision().packed() >= least) {
            task.end(Outcome.of(true));
        } else if (System.nanoTime() - deadline >= 0 || !events.mayHold()) {
            String message = "this node has not applied " + Revision.unpack(least) + " yet; try again or ask another";
            refused = new Refused(Problem.NOT_READY, message, at, null);
        } else if (!events.revisionHolds().hasRoom()) {
            refused = new Refused(Problem.OVERLOADED, "too many reads wait for a revision; try again later", at, null);
        } else {
            Holds<Long>.Hold hold =
                    events.revisionHolds().hold(least, deadline, task.step(() -> look(task, least, deadline)));
            task.onCancel(hold::cancel);
        }
        if (refused != null) {
            task.end(Outcome.refused(refused));
        }
    }
}

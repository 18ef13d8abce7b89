package io.holdfast.server.replica;

import io.holdfast.lock.LockTable;
import io.holdfast.server.caller.Caller;
import java.util.List;
import java.util.Optional;

/**
 * One request that is held until its lock has changed after a revision, or its time is over. On the node's context,
 * where history is looked at before each wait, so that no change is missed.
 */
final class LockPoll {

    private final NodeTask<Answer<Optional<LockView>>> task;
    private final Caller caller;
    private final String lock;
    private final long since;
    private final long deadlineNanos;

    LockPoll(NodeTask<Answer<Optional<LockView>>> task, Caller caller, String lock, long since, long deadlineNanos) {
        this.task = task;
        this.caller = caller;
        this.lock = lock;
        this.since = since;
        this.deadlineNanos = deadlineNanos;
    }

    /** Answers at once or waits. */
    void look() {
        if (task.isOver()) {
            return;
        }
        ReplicaEvents events = task.replica().events();
        LockTable table = events.table();
        AppliedAt at = task.replica().appliedAt(table.revision());
        // Also after it was held, for the right may be gone.
        Refused refused = task.replica().access().reading(table.acl(), caller, List.of(lock));
        if (refused != null) {
            task.end(Outcome.refused(refused));
        } else if (at.revision().packed() < since) {
            task.end(Outcome.refused(ahead(since, at)));
        } else if (events.history().mayHaveChanged(lock, since)) {
            LockView view = task.replica().views().lock(table, lock);
            task.end(Outcome.of(new Answer<>(Optional.of(view), at)));
        } else if (System.nanoTime() - deadlineNanos >= 0 || !events.mayHold()) {
            task.end(Outcome.of(new Answer<>(Optional.empty(), at)));
        } else if (!events.lockHolds().hasRoom()) {
            String message = "this node holds as many requests as it may; try again later or ask another";
            task.end(Outcome.refused(Problem.OVERLOADED, message, at));
        } else {
            Holds<String>.Hold hold = events.lockHolds().hold(lock, deadlineNanos, task.step(this::look));
            task.onCancel(hold::cancel);
        }
    }

    /** Says that a revision is of the future, or of another ensemble. */
    static Refused ahead(long since, AppliedAt at) {
        String message = Revision.unpack(since) + " is ahead of all that was committed, up to " + at.revision();
        return new Refused(Problem.REVISION_AHEAD, message, at, null);
    }
}

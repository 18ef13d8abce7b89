package io.holdfast.server.replica;

import io.holdfast.lock.Cause;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.server.caller.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request that is held until its ticket is granted or ended, or its time is over. On the node's context, where the
 * table is looked at before each wait, so that no change is missed.
 */
final class GrantPoll {

    private final NodeTask<Answer<GrantView>> task;
    private final Caller caller;
    private final String grant;
    private final List<String> locks;
    private final long deadlineNanos;

    /**
     * Creates one that waits for nothing yet.
     *
     * @param caller judged at each look: it sees its own grants, and those that it may read then
     * @param locks names of the locks when the request is an acquire, which ends as {@code LOCK_HELD} when its wait is
     *     over; empty for a read
     * @param deadlineNanos of {@link System#nanoTime}
     */
    GrantPoll(NodeTask<Answer<GrantView>> task, Caller caller, String grant, List<String> locks, long deadlineNanos) {
        this.task = task;
        this.caller = caller;
        this.grant = grant;
        this.locks = locks;
        this.deadlineNanos = deadlineNanos;
    }

    /** Answers at once or waits. */
    void look() {
        if (task.isOver()) {
            return;
        }
        ReplicaEvents events = task.replica().events();
        LockTable table = events.table();
        io.holdfast.lock.GrantView seen = table.grant(grant);
        if (seen != null && !task.replica().access().ownership().mayRead(table.acl(), caller, seen)) {
            task.end(Outcome.refused(unknown(grant, task.replica().appliedAt(table.revision()))));
            return;
        }
        // A full house does not wait: the ticket keeps its place in line, only this request ends early.
        boolean mayWait =
                System.nanoTime() - deadlineNanos < 0 && events.grantHolds().hasRoom() && events.mayHold();
        if (seen != null && !seen.granted() && mayWait) {
            Holds<String>.Hold hold = events.grantHolds().hold(grant, deadlineNanos, task.step(this::look));
            task.onCancel(hold::cancel);
            return;
        }
        AppliedAt at = task.replica().appliedAt(table.revision());
        if (seen != null) {
            boolean fresh = !locks.isEmpty();
            task.end(Outcome.of(new Answer<>(task.replica().views().grant(seen, fresh), at)));
        } else {
            task.end(Outcome.refused(gone(task.replica(), caller, grant, locks, at)));
        }
    }

    /**
     * Returns why a grant is not there, as far as the caller may see it; on the node's context.
     *
     * @param locks names of the locks when the request is an acquire; empty for a read
     */
    static Refused gone(Replica replica, Caller caller, String grant, List<String> locks, AppliedAt at) {
        LockTable table = replica.events().table();
        EndedView ended = table.endedGrant(grant);
        if (ended == null || !replica.access().ownership().mayBeTold(table.acl(), caller, ended)) {
            return unknown(grant, at);
        }
        boolean mayRead =
                !locks.isEmpty() && locks.stream().allMatch(replica.access().readable(table.acl(), caller));
        LockView view = mayRead ? replica.views().firstInUse(table, locks) : null;
        return ended.note() == null
                ? ended(grant, ended.cause(), ended.token(), at, view)
                : taken(grant, ended.cause(), ended.note(), at);
    }

    /** The refusal for a grant that never existed, or that a caller may not see. */
    private static Refused unknown(String grant, AppliedAt at) {
        return Refusals.of(new Result.GrantUnknown(grant), at, null);
    }

    /** The refusal for a grant that was broken, or whose session was ended by another client. */
    static Refused taken(String grant, Cause cause, String note, AppliedAt at) {
        if (cause == Cause.BROKEN) {
            return new Refused(Problem.GRANT_ENDED, grant + " was taken away by " + note, at, null);
        }
        String how = cause == Cause.CONFIRMED_DEAD ? "its client was confirmed dead by " : "its session was closed by ";
        return new Refused(Problem.SESSION_ENDED, grant + " ended: " + how + note, at, null);
    }

    /**
     * Returns how a ticket ended.
     *
     * @param lock as it is now when an acquire asks; null for a read
     */
    static Refused ended(String grant, Cause cause, long token, AppliedAt at, @Nullable LockView lock) {
        if (lock != null && token == 0 && (cause == Cause.WAIT_OVER || cause == Cause.REFUSED)) {
            return new Refused(Problem.LOCK_HELD, held(grant, lock, cause), at, lock);
        }
        return switch (cause) {
            case SESSION_CLOSED ->
                new Refused(Problem.SESSION_ENDED, grant + " ended: its session was closed", at, null);
            case SESSION_EXPIRED ->
                new Refused(Problem.SESSION_ENDED, grant + " ended: its session was not kept alive in time", at, null);
            case CONFIRMED_DEAD ->
                new Refused(Problem.SESSION_ENDED, grant + " ended: its client was confirmed dead", at, null);
            case REQUESTED -> new Refused(Problem.GRANT_ENDED, grant + " was released or cancelled", at, null);
            case WAIT_OVER -> new Refused(Problem.GRANT_ENDED, "the wait of " + grant + " was over", at, null);
            case REFUSED -> new Refused(Problem.GRANT_ENDED, grant + " was a try and found the lock held", at, null);
            case DELAYED ->
                new Refused(
                        Problem.LOCK_DELAYED,
                        grant + " was a try and found the lock closed for a while; ask again with a new id",
                        at,
                        lock);
            case BROKEN -> new Refused(Problem.GRANT_ENDED, grant + " was taken away by an administrator", at, null);
            case TRANSFERRED -> new Refused(Problem.GRANT_ENDED, grant + " handed its locks over", at, null);
            case DEADLOCK ->
                new Refused(
                        Problem.DEADLOCK,
                        grant + " would have closed a cycle of sessions that wait for each other; release something",
                        at,
                        null);
            case LIMIT_MISMATCH ->
                new Refused(
                        Problem.LIMIT_MISMATCH,
                        grant + " asked for a lock that was in use with another limit or as something else",
                        at,
                        null);
            case GRANT_ENDED -> new Refused(Problem.GRANT_ENDED, grant + " ended with its private session", at, null);
        };
    }

    private static String held(String grant, LockView lock, Cause cause) {
        String why = cause == Cause.WAIT_OVER ? "the wait of " + grant + " is over" : grant + " was a try";
        return "lock " + lock.name() + " was held and " + why + "; ask again with a new id, or with a longer wait";
    }
}

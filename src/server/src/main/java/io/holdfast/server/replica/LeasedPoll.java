package io.holdfast.server.replica;

import io.holdfast.lock.LockTable;
import io.holdfast.server.caller.Caller;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One request that is held until its grant with a private session is granted or ended, and keeps that session alive
 * meanwhile.
 *
 * <p>The lease is renewed while the request is held, so it ends within a ttl of a client that hung up, and once more
 * between the grant and the answer: the client gets a whole ttl however long it waited. On the node's context, where
 * the table is looked at before each wait, so that no change is missed.
 */
final class LeasedPoll {

    /** Renewals in a ttl. */
    private static final int RENEWALS = 3;

    private final NodeTask<Answer<LeasedGrant>> task;
    private final Caller caller;
    private final String grant;
    private final String lock;
    private final Times times;

    /** Whether an answer that says granted is the first that does. */
    private final boolean fresh;

    /** When the last renewal was asked for that a quorum confirmed. */
    private long renewedNanos;

    /** When the last renewal was asked for, whatever became of it. */
    private long triedNanos;

    /** Whether the session is known to be alive since {@link #renewedNanos}. */
    private boolean known;

    /** Whether it was renewed since the grant. */
    private boolean renewedSinceGrant;

    /**
     * When things happened, and shall happen.
     *
     * @param arrivedNanos of {@link System#nanoTime}, when the request came in
     * @param deadlineNanos of {@link System#nanoTime}, until when it is held
     * @param ttlMillis of the private session
     */
    record Times(long arrivedNanos, long deadlineNanos, long ttlMillis) {}

    /**
     * Creates one that waits for nothing yet.
     *
     * @param opened whether this request opened the session; else its lease has been running since an earlier one
     */
    LeasedPoll(
            NodeTask<Answer<LeasedGrant>> task,
            Caller caller,
            GrantView grant,
            String lock,
            Times times,
            boolean opened) {
        this.task = task;
        this.caller = caller;
        this.grant = grant.id();
        this.lock = lock;
        this.times = times;
        this.fresh = grant.state() == GrantView.State.WAITING;
        this.known = opened;
        this.renewedNanos = times.arrivedNanos();
        this.triedNanos = times.arrivedNanos();
    }

    /** Answers at once, renews, or waits. */
    void look() {
        if (task.isOver()) {
            return;
        }
        ReplicaEvents events = task.replica().events();
        LockTable table = events.table();
        io.holdfast.lock.GrantView seen = table.grant(grant);
        AppliedAt at = task.replica().appliedAt(table.revision());
        if (seen == null) {
            task.end(Outcome.refused(GrantPoll.gone(task.replica(), caller, grant, List.of(lock), at)));
            return;
        }
        long now = System.nanoTime();
        if (seen.granted() ? !renewedSinceGrant : !known || now - nextRenewal() >= 0) {
            renew(seen.session(), seen.granted());
            return;
        }
        // At the limit of held requests this one returns now; the ticket keeps its place.
        boolean mayWait = now - times.deadlineNanos() < 0 && events.grantHolds().hasRoom() && events.mayHold();
        if (!seen.granted() && mayWait) {
            long next = nextRenewal();
            long until = next - times.deadlineNanos() < 0 ? next : times.deadlineNanos();
            Holds<String>.Hold hold = events.grantHolds().hold(grant, until, task.step(this::look));
            task.onCancel(hold::cancel);
            return;
        }
        long elapsed = TimeUnit.NANOSECONDS.toMillis(renewedNanos - times.arrivedNanos());
        GrantView view = task.replica().views().grant(seen, fresh);
        task.end(Outcome.of(new Answer<>(new LeasedGrant(view, times.ttlMillis(), elapsed), at)));
    }

    private long nextRenewal() {
        return triedNanos + TimeUnit.MILLISECONDS.toNanos(times.ttlMillis()) / RENEWALS;
    }

    private void renew(long session, boolean granted) {
        long asked = System.nanoTime();
        triedNanos = asked;
        task.replica()
                .keepAlives()
                .add(List.of(session))
                .onComplete(confirmed ->
                        task.step(() -> renewed(confirmed, asked, granted)).run());
    }

    private void renewed(AsyncResult<Void> confirmed, long asked, boolean granted) {
        if (confirmed.succeeded()) {
            renewedNanos = asked;
            known = true;
            renewedSinceGrant = granted;
            look();
        } else if (granted || !known) {
            failed(Objects.requireNonNull(confirmed.cause()));
        } else {
            look();
        }
    }

    /** The ticket is there, and for how long is not known: the client asks again under its id. */
    private void failed(Throwable cause) {
        Refused unknown = new Refused(
                Problem.OUTCOME_UNKNOWN,
                "the lease of " + grant + " could not be confirmed: " + cause.getMessage()
                        + "; send the request again with that id as Idempotency-Key",
                null,
                null);
        task.end(Outcome.refused(unknown.naming(grant)));
    }
}

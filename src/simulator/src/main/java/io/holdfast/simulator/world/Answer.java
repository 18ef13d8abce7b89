package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockView;
import io.holdfast.lock.Result;
import io.holdfast.simulator.check.Operation;
import io.holdfast.simulator.check.Operation.Answered;
import io.holdfast.simulator.check.Operation.Outcome;
import io.holdfast.simulator.check.Operation.Sight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the table of the answering server says into an answer for the client. */
final class Answer implements Reply {

    private static final long HOLD_NANOS = 1_000 * Scheduler.MILLI;

    private final Hand hand;
    private final Errand errand;
    private final Operation operation;
    private final int attempt;

    Answer(Hand hand, Errand errand, int attempt) {
        this.hand = hand;
        this.attempt = attempt;
        this.errand = errand;
        this.operation = errand.operation();
    }

    @Override
    public void failed() {
        // The client hears nothing, and asks another server.
    }

    @Override
    public void answered(ServerProcess at, @Nullable Applied applied) {
        if (applied == null) {
            LockView lock = at.table().lock(operation.claims().get(0).lock(), 8);
            hand.saw(lock);
            tell(at, Outcome.DONE, 0, sight(lock.name(), lock.holders()));
            return;
        }
        Result result = applied.result();
        if (result instanceof Result.Waiting) {
            at.hold(operation.grant(), HOLD_NANOS, () -> look(at));
        } else if (result instanceof Result.Granted granted) {
            tell(at, Outcome.DONE, granted.grant().token(), null);
        } else if (result instanceof Result.ModeChanged changed) {
            tell(at, Outcome.DONE, changed.grant().token(), null);
        } else if (result instanceof Result.LockHeld held) {
            tell(at, Outcome.REFUSED, 0, sightOf(at, held.lock()));
        } else if (result instanceof Result.ModeRefused refused) {
            tell(at, Outcome.REFUSED, 0, sightOf(at, refused.lock()));
        } else if (result instanceof Result.GrantEnded ended) {
            ended(at, ended.cause(), ended.token());
        } else if (result instanceof Result.SessionEnded || result instanceof Result.SessionUnknown) {
            sessionOver(at);
        } else {
            tell(at, outcomeOf(result), 0, null);
        }
    }

    private static Outcome outcomeOf(Result result) {
        boolean refused = result instanceof Result.LockDelayed
                || result instanceof Result.Deadlock
                || result instanceof Result.LimitMismatch
                || result instanceof Result.TransferRefused
                || result instanceof Result.NotHeld;
        boolean over = result instanceof Result.GrantUnknown
                || result instanceof Result.TokenStale
                || result instanceof Result.QuotaExceeded
                || result instanceof Result.GrantMismatch;
        return refused ? Outcome.REFUSED : over ? Outcome.ENDED : Outcome.DONE;
    }

    /** The table is as the transaction left it: nothing is applied between that and its answer. */
    private static Sight sightOf(ServerProcess at, String lock) {
        return sight(lock, at.table().lock(lock, 0).holders());
    }

    private static Sight sight(String lock, List<GrantView> holders) {
        return new Sight(lock, holders.stream().map(GrantView::token).toList());
    }

    /** Something happened to a ticket in line, or it is time to say that it still is there. */
    private void look(ServerProcess at) {
        GrantView view = at.table().grant(operation.grant());
        EndedView ended = at.table().endedGrant(operation.grant());
        if (view != null && view.granted()) {
            tell(at, Outcome.DONE, view.token(), null);
        } else if (ended != null) {
            ended(at, ended.cause(), ended.token());
        } else {
            hand.stillWaits(errand, attempt);
        }
    }

    private void ended(ServerProcess at, Cause cause, long token) {
        switch (cause) {
            case REFUSED, WAIT_OVER, DEADLOCK, LIMIT_MISMATCH, DELAYED ->
                tell(at, token == 0 ? Outcome.REFUSED : Outcome.ENDED, 0, null);
            case SESSION_CLOSED, SESSION_EXPIRED, CONFIRMED_DEAD -> {
                if (errand.isAboutOwn()) {
                    sessionOver(at);
                } else {
                    tell(at, Outcome.ENDED, 0, null);
                }
            }
            case REQUESTED, GRANT_ENDED, BROKEN, TRANSFERRED -> tell(at, Outcome.ENDED, 0, null);
        }
    }

    private void sessionOver(ServerProcess at) {
        hand.sessionOver(errand, new Answered(Outcome.ENDED, 0, null, revision(at)));
    }

    private void tell(ServerProcess at, Outcome outcome, long token, @Nullable Sight sight) {
        hand.told(errand, new Answered(outcome, token, sight, revision(at)));
    }

    private static long revision(ServerProcess at) {
        return at.table().revision();
    }
}

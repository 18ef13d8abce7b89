package io.holdfast.server.replica;

import io.holdfast.lock.Cause;
import io.holdfast.lock.Result;
import io.holdfast.lock.WaitsFor;
import io.holdfast.zab.core.RequestFailure;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says to a client why the lock table did not do what it asked for. */
final class Refusals {

    /** Steps of a cycle that the sentence for people names. */
    private static final int STEPS_TOLD = 8;

    private Refusals() {}

    /**
     * Returns the refusal for a result that is none of the wished ones.
     *
     * @param lock the lock as it is now, for those who could not have it; null when it is not about one
     */
    static Refused of(Result result, AppliedAt at, @Nullable LockView lock) {
        if (result instanceof Result.SessionUnknown unknown) {
            return sessionUnknown(TableViews.sessionId(unknown.session()), at);
        } else if (result instanceof Result.SessionEnded ended) {
            return sessionEnded(TableViews.sessionId(ended.session()), ended.cause(), at);
        } else if (result instanceof Result.SessionMismatch mismatch) {
            String message = "the key belongs to session " + TableViews.sessionId(mismatch.session())
                    + ", which was opened with other content; use a new key";
            return new Refused(Problem.GRANT_MISMATCH, message, at, null);
        } else if (result instanceof Result.LockHeld held) {
            return GrantPoll.ended(held.grant(), Cause.REFUSED, 0, at, lock);
        } else if (result instanceof Result.GrantEnded ended) {
            return GrantPoll.ended(ended.grant(), ended.cause(), ended.token(), at, lock);
        } else if (result instanceof Result.Gone gone) {
            return gone.note() == null
                    ? GrantPoll.ended(gone.grant(), gone.cause(), 0, at, null)
                    : GrantPoll.taken(gone.grant(), gone.cause(), gone.note(), at);
        } else if (result instanceof Result.LimitRefused refused) {
            return new Refused(Problem.LIMIT_REFUSED, limitRefused(refused), at, null);
        } else if (result instanceof Result.Superseded superseded) {
            String message = "session " + TableViews.sessionId(superseded.session())
                    + " was taken over by a newer process; stop the work that it protected";
            return new Refused(Problem.SUPERSEDED, message, at, null);
        } else if (result instanceof Result.GrantMismatch mismatch) {
            String message = mismatch.grant() + " is a grant with other content; use a new id";
            return new Refused(Problem.GRANT_MISMATCH, message, at, null);
        } else if (result instanceof Result.Deadlock deadlock) {
            return deadlock(deadlock, at);
        } else if (result instanceof Result.LimitMismatch mismatch) {
            String used = mismatch.limit() == 0 ? "no semaphore" : "a semaphore with limit " + mismatch.limit();
            String message = "lock " + mismatch.lock() + " is in use and " + used
                    + "; ask again with a new id, or wait until the lock is unused";
            return new Refused(Problem.LIMIT_MISMATCH, message, at, null);
        } else if (result instanceof Result.LockDelayed delayed) {
            return GrantPoll.ended(delayed.grant(), Cause.DELAYED, 0, at, lock);
        } else if (result instanceof Result.TransferRefused refused) {
            return new Refused(Problem.TRANSFER_REFUSED, transferRefused(refused), at, null);
        } else if (result instanceof Result.NotHeld waiting) {
            return new Refused(
                    Problem.GRANT_WAITING,
                    waiting.grant() + " is waiting and cannot be warned; break it without after",
                    at,
                    null);
        } else if (result instanceof Result.ModeRefused refused) {
            return new Refused(Problem.MODE_REFUSED, modeRefused(refused), at, lock);
        } else if (result instanceof Result.GrantUnknown unknown) {
            return new Refused(Problem.GRANT_UNKNOWN, "no grant " + unknown.grant() + " is known here", at, null);
        } else if (result instanceof Result.TokenStale stale) {
            return tokenStale(stale.grant(), at);
        } else if (result instanceof Result.QuotaExceeded exceeded) {
            String where = exceeded.lock() == null ? "" : " of lock " + exceeded.lock();
            String message = exceeded.quota() + where + ": the bound of " + exceeded.limit()
                    + " is reached; try again when some have ended";
            String quota = exceeded.quota().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return Refused.quotaExceeded(message, at, quota, exceeded.limit());
        }
        if (result instanceof Result.Malformed malformed) {
            return new Refused(Problem.INVALID_REQUEST, malformed.why(), at, null);
        }
        throw new IllegalStateException("no request of a client ends as " + result);
    }

    /**
     * Returns the locks of which the refusal for a result tells the first that is in use.
     *
     * @param asked the locks that were asked for
     */
    static List<String> locksTold(Result result, List<String> asked) {
        if (result instanceof Result.LockHeld held) {
            return List.of(held.lock());
        } else if (result instanceof Result.LockDelayed delayed) {
            return List.of(delayed.lock());
        } else if (result instanceof Result.ModeRefused refused) {
            return List.of(refused.lock());
        }
        return result instanceof Result.GrantEnded ? asked : List.of();
    }

    private static Refused deadlock(Result.Deadlock deadlock, AppliedAt at) {
        StringBuilder path = new StringBuilder();
        for (WaitsFor step : deadlock.cycle()
                .subList(0, Math.min(STEPS_TOLD, deadlock.cycle().size()))) {
            path.append(TableViews.sessionId(step.session()))
                    .append(" waits at ")
                    .append(step.lock())
                    .append(" for ");
        }
        path.append(deadlock.cycle().size() > STEPS_TOLD ? "others" : "the first again");
        String message = deadlock.grant() + " would close a cycle: " + path + "; release something and ask again";
        return Refused.deadlock(message, at, deadlock.cycle());
    }

    private static String limitRefused(Result.LimitRefused refused) {
        return switch (refused.hindrance()) {
            case NOT_IN_USE -> "lock " + refused.lock() + " is unused; its first ticket sets the limit";
            case NO_SEMAPHORE -> "lock " + refused.lock() + " is in use and is not a semaphore";
            case TOO_FEW ->
                refused.grant() + " has more permits of lock " + refused.lock()
                        + " than the new limit; release it first";
        };
    }

    private static String modeRefused(Result.ModeRefused refused) {
        return switch (refused.reason()) {
            case IN_LINE -> refused.grant() + " is still waiting: it has no mode to change";
            case SEMAPHORE -> "lock " + refused.lock() + " is a semaphore, which has no other mode";
            case NOT_ALONE ->
                "lock " + refused.lock() + " has other holders; " + refused.grant()
                        + " stays shared. Try again when they are gone, or release it and ask for exclusive";
            case DELAYED ->
                "lock " + refused.lock() + " is closed after an expiry; " + refused.grant()
                        + " stays shared. Try again when the delay is over";
            case PROMISED ->
                "lock " + refused.lock() + " is promised to waiting shared tickets, which need other locks too; "
                        + refused.grant() + " stays shared. Release it and ask for exclusive";
        };
    }

    private static String transferRefused(Result.TransferRefused refused) {
        return switch (refused.obstacle()) {
            case NOT_HELD -> refused.grant() + " is itself waiting; it has nothing to transfer";
            case NOT_IN_LINE -> refused.to() + " does not wait for a lock of " + refused.grant();
            case ENTANGLED ->
                refused.to() + " belongs to a session that waits with another ticket too: moved ahead, it could close a"
                        + " cycle of waiting sessions";
            case BLOCKED ->
                refused.to() + " is kept waiting by more than " + refused.grant() + "; nothing was handed over";
        };
    }

    /** A value that REST should have refused. */
    static Refused invalid(String message) {
        return new Refused(Problem.INVALID_REQUEST, message, null, null);
    }

    static Refused sessionUnknown(String session, AppliedAt at) {
        return new Refused(Problem.SESSION_UNKNOWN, "no session " + session + " is known here", at, null);
    }

    static Refused sessionEnded(String session, Cause cause, AppliedAt at) {
        String how = switch (cause) {
            case SESSION_EXPIRED -> "was not kept alive in time";
            case CONFIRMED_DEAD -> "expired, since its client was confirmed dead";
            default -> "was closed";
        };
        return new Refused(Problem.SESSION_ENDED, "session " + session + " " + how + "; open a new one", at, null);
    }

    static Refused tokenStale(String grant, AppliedAt at) {
        return new Refused(Problem.TOKEN_STALE, "the token is not that of grant " + grant, at, null);
    }

    /**
     * Returns what a failure of the replication layer means to a client.
     *
     * @param wrote whether the request would have changed something
     */
    static Problem problemOf(RequestFailure failure, boolean wrote) {
        return switch (failure) {
            case NO_LEADER -> Problem.NO_LEADER;
            case OVERLOADED -> Problem.OVERLOADED;
            // A read that was not confirmed did nothing: it is as if no leader had been there.
            case OUTCOME_UNKNOWN -> wrote ? Problem.OUTCOME_UNKNOWN : Problem.NO_LEADER;
            case CHANGE_PENDING -> Problem.CHANGE_IN_PROGRESS;
            case CONFIGURATION_CHANGED -> Problem.VERSION_STALE;
            case LEADER_LEAVES -> Problem.NO_SUCCESSOR;
            case VOTER_NOT_SYNCED -> Problem.NOT_SYNCED;
            case NO_QUORUM -> Problem.WOULD_LOSE_QUORUM;
            case NOT_A_MEMBER -> Problem.NOT_A_MEMBER;
            case MALFORMED -> Problem.REJECTED_BY_LEADER;
        };
    }
}

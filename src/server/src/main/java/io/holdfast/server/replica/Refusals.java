package io.holdfast.server.replica;

import io.holdfast.lock.Cause;
import io.holdfast.lock.Result;
import org.jspecify.annotations.Nullable;

/** Says to a client why the lock table did not do what it asked for. */
final class Refusals {

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
        } else if (result instanceof Result.GrantMismatch mismatch) {
            String message = mismatch.grant() + " is a grant with other content; use a new id";
            return new Refused(Problem.GRANT_MISMATCH, message, at, null);
        } else if (result instanceof Result.GrantUnknown unknown) {
            return new Refused(Problem.GRANT_UNKNOWN, "no grant " + unknown.grant() + " is known here", at, null);
        } else if (result instanceof Result.TokenStale stale) {
            return tokenStale(stale.grant(), at);
        } else if (result instanceof Result.QuotaExceeded exceeded) {
            String where = exceeded.lock() == null ? "" : " of lock " + exceeded.lock();
            String message = exceeded.quota() + where + ": the bound of " + exceeded.limit()
                    + " is reached; try again when some have ended";
            return new Refused(Problem.QUOTA_EXCEEDED, message, at, null);
        }
        throw new IllegalStateException("no request of a client ends as " + result);
    }

    static Refused sessionUnknown(String session, AppliedAt at) {
        return new Refused(Problem.SESSION_UNKNOWN, "no session " + session + " is known here", at, null);
    }

    static Refused sessionEnded(String session, Cause cause, AppliedAt at) {
        String how = cause == Cause.SESSION_EXPIRED ? "was not kept alive in time" : "was closed";
        return new Refused(Problem.SESSION_ENDED, "session " + session + " " + how + "; open a new one", at, null);
    }

    static Refused tokenStale(String grant, AppliedAt at) {
        return new Refused(Problem.TOKEN_STALE, "the token is not that of grant " + grant, at, null);
    }
}

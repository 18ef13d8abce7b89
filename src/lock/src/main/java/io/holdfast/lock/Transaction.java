package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the table: what one command does to the state (zab.md 2.12).
 *
 * <p>Every command first takes away all that it ends and only then hands freed locks over, so that nothing is granted
 * to a session which the same transaction ends (T9).
 */
final class Transaction implements CommandHandler<Result> {

    private final State state;
    private final long atMillis;
    private final List<Change> changes = new ArrayList<>(2);
    private final List<Lock> freed = new ArrayList<>(1);

    Transaction(State state, long atMillis) {
        this.state = state;
        this.atMillis = atMillis;
    }

    List<Change> changes() {
        return changes;
    }

    @Override
    public Result onOpenSession(Command.OpenSession c) {
        Long known = state.keys.get(c.key());
        if (known != null) {
            return openedBefore(known, c);
        }
        if (state.sessions.size() >= state.quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, state.quotas.sessions(), null);
        }
        Session session = open(c.key(), c.name(), c.ttlMillis(), c.metadata());
        return new Result.SessionOpened(session.view(), false);
    }

    private Result openedBefore(long id, Command.OpenSession c) {
        Session session = state.sessions.get(id);
        if (session == null) {
            return sessionGone(id);
        }
        boolean same = session.ttlMillis == c.ttlMillis()
                && session.name.equals(c.name())
                && session.metadata.equals(c.metadata());
        return same ? new Result.SessionOpened(session.view(), true) : new Result.SessionMismatch(id);
    }

    @Override
    public Result onCloseSession(Command.CloseSession c) {
        Session session = state.sessions.get(c.session());
        if (session == null) {
            return sessionGone(c.session());
        }
        end(session, Cause.REQUESTED);
        handOver();
        return new Result.SessionClosed(c.session());
    }

    @Override
    public Result onExpireSessions(Command.ExpireSessions c) {
        int ended = 0;
        for (long id : c.sessions()) {
            Session session = state.sessions.get(id);
            if (session != null) {
                end(session, Cause.SESSION_EXPIRED);
                ended++;
            }
        }
        handOver();
        return new Result.Expired(ended);
    }

    @Override
    public Result onAcquire(Command.Acquire c) {
        Grant.Ask ask = Grant.Ask.of(c);
        Grant known = state.grants.get(c.grant());
        if (known != null) {
            return askedBefore(known, known.session.id == c.session() && known.matches(ask));
        }
        EndedView ended = state.endedGrants.get(c.grant());
        if (ended != null) {
            return grantEnded(c.grant(), ended);
        }
        Session session = state.sessions.get(c.session());
        if (session == null) {
            return sessionGone(c.session());
        }
        Lock lock = state.lockToAsk(c.lock());
        if (lock.holder != null && c.waitMillis() == 0) {
            return refuse(lock, c.grant(), session.id);
        }
        Result full = full(lock, session.held + session.waiting);
        return full != null ? full : ask(session, lock, ask);
    }

    @Override
    public Result onAcquireAlone(Command.AcquireAlone c) {
        Grant.Ask ask = Grant.Ask.of(c);
        Grant known = state.grants.get(c.grant());
        if (known != null) {
            boolean same = known.endsSession()
                    && known.session.ttlMillis == c.ttlMillis()
                    && known.session.name.equals(c.sessionName())
                    && known.matches(ask);
            return askedBefore(known, same);
        }
        EndedView ended = state.endedGrants.get(c.grant());
        if (ended != null) {
            return grantEnded(c.grant(), ended);
        }
        Lock lock = state.lockToAsk(c.lock());
        if (lock.holder != null && c.waitMillis() == 0) {
            return refuse(lock, c.grant(), 0);
        }
        if (state.sessions.size() >= state.quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, state.quotas.sessions(), null);
        }
        Result full = full(lock, 0);
        return full != null ? full : ask(open(null, c.sessionName(), c.ttlMillis(), ""), lock, ask);
    }

    @Override
    public Result onRelease(Command.Release c) {
        Grant grant = state.grants.get(c.grant());
        if (grant == null) {
            return releasedBefore(c);
        }
        if (c.token() != 0 && c.token() != grant.token) {
            return new Result.TokenStale(c.grant(), grant.token);
        }
        GrantView view = grant.view();
        endAlso(grant, Cause.REQUESTED);
        handOver();
        return view.granted() ? new Result.Released(view) : new Result.Cancelled(view);
    }

    private Result releasedBefore(Command.Release c) {
        EndedView ended = state.endedGrants.get(c.grant());
        if (ended == null) {
            return new Result.GrantUnknown(c.grant());
        }
        return c.token() != 0 && c.token() != ended.token()
                ? new Result.TokenStale(c.grant(), ended.token())
                : new Result.Gone(c.grant(), ended.cause());
    }

    @Override
    public Result onExpireWaits(Command.ExpireWaits c) {
        int ended = 0;
        for (Ticket ticket : c.tickets()) {
            Grant grant = state.grants.get(ticket.grant());
            if (grant != null && grant.ticket == ticket.number() && !grant.held()) {
                endAlso(grant, Cause.WAIT_OVER);
                ended++;
            }
        }
        handOver();
        return new Result.Expired(ended);
    }

    private static Result askedBefore(Grant known, boolean same) {
        if (!same) {
            return new Result.GrantMismatch(known.id);
        }
        return known.held() ? new Result.Granted(known.view(), true) : new Result.Waiting(known.view(), true);
    }

    private static Result grantEnded(String id, EndedView ended) {
        return new Result.GrantEnded(id, ended.session(), ended.token(), ended.cause());
    }

    private Result sessionGone(long id) {
        State.EndedSession ended = state.endedSessions.get(id);
        return ended == null
                ? new Result.SessionUnknown(id)
                : new Result.SessionEnded(id, ended.view().cause());
    }

    /** Remembers the try, so that a second copy of it is not granted later to a client that was told no (T15). */
    private Result refuse(Lock lock, String grant, long session) {
        state.remember(grant, new EndedView(session, 0, Cause.REFUSED, state.revision));
        return new Result.LockHeld(grant, lock.name, lock.holders(), lock.waiting());
    }

    private @Nullable Result full(Lock lock, int grantsOfSession) {
        Quotas quotas = state.quotas;
        if (state.grants.size() >= quotas.grants()) {
            return new Result.QuotaExceeded(Quota.GRANTS, quotas.grants(), null);
        }
        if (grantsOfSession >= quotas.grantsPerSession()) {
            return new Result.QuotaExceeded(Quota.GRANTS_PER_SESSION, quotas.grantsPerSession(), null);
        }
        if (lock.waiting() >= quotas.waitersPerLock()) {
            return new Result.QuotaExceeded(Quota.WAITERS_PER_LOCK, quotas.waitersPerLock(), lock.name);
        }
        // Every ticket in line has its token in reserve, so a hand-over never finds the counter at its end (T10).
        if (state.lastToken + state.waiting >= quotas.lastToken()) {
            return new Result.QuotaExceeded(Quota.TOKENS, quotas.lastToken(), null);
        }
        return null;
    }

    private Session open(@Nullable String key, String name, long ttlMillis, String metadata) {
        Session session = new Session(state.revision, key, name, ttlMillis, metadata, atMillis);
        state.open(session);
        changes.add(new Change(Kind.SESSION_OPENED, null, null, session.id, 0, 0, null, ttlMillis));
        return session;
    }

    private Result ask(Session session, Lock lock, Grant.Ask ask) {
        Grant grant = new Grant(session, lock, state.revision, ask);
        if (lock.holder != null) {
            state.addWaiter(grant);
            changes.add(grant.change(Kind.WAITING, null));
            return new Result.Waiting(grant.view(), false);
        }
        state.addHolder(grant, ++state.lastToken, atMillis);
        changes.add(grant.change(Kind.GRANTED, null));
        return new Result.Granted(grant.view(), false);
    }

    private void end(Session session, Cause cause) {
        Cause ofGrants = cause == Cause.SESSION_EXPIRED ? Cause.SESSION_EXPIRED : Cause.SESSION_CLOSED;
        while (session.first != null) {
            end(session.first, ofGrants);
        }
        state.end(session, cause);
        changes.add(new Change(Kind.SESSION_ENDED, null, null, session.id, 0, 0, cause, 0));
    }

    /** Ends a grant, and its session if that was opened for it alone. */
    private void endAlso(Grant grant, Cause cause) {
        end(grant, cause);
        if (grant.endsSession()) {
            end(grant.session, Cause.GRANT_ENDED);
        }
    }

    private void end(Grant grant, Cause cause) {
        boolean held = grant.held();
        state.end(grant, cause);
        if (held) {
            freed.add(grant.lock);
            changes.add(grant.change(cause == Cause.SESSION_EXPIRED ? Kind.EXPIRED : Kind.RELEASED, cause));
        } else {
            changes.add(grant.change(Kind.CANCELLED, cause));
        }
    }

    /** Grants every freed lock to its first in line, whose session is alive: those of ended sessions have left (T9). */
    private void handOver() {
        for (Lock lock : freed) {
            if (lock.queue == null) {
                state.locks.remove(lock.name);
                continue;
            }
            Grant next = lock.queue.at(1);
            state.handOver(next, ++state.lastToken, atMillis);
            changes.add(next.change(Kind.GRANTED, null));
        }
    }
}

package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** Locks whose line may move on, or that nobody may use any more. */
    private final List<Lock> touched = new ArrayList<>(1);

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
        moveOn();
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
        moveOn();
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
        List<Lock> locks = locks(ask);
        Result refused = refused(locks, ask, session.id);
        if (refused == null) {
            refused = full(locks, ask, session.held + session.waiting);
        }
        return refused != null ? refused : ask(session, locks, ask);
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
        List<Lock> locks = locks(ask);
        Result refused = refused(locks, ask, 0);
        if (refused == null && state.sessions.size() >= state.quotas.sessions()) {
            refused = new Result.QuotaExceeded(Quota.SESSIONS, state.quotas.sessions(), null);
        }
        if (refused == null) {
            refused = full(locks, ask, 0);
        }
        return refused != null ? refused : ask(open(null, c.sessionName(), c.ttlMillis(), ""), locks, ask);
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
        moveOn();
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
        moveOn();
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

    private List<Lock> locks(Grant.Ask ask) {
        List<Lock> locks = new ArrayList<>(ask.claims().size());
        for (Claim claim : ask.claims()) {
            locks.add(state.lockToAsk(claim));
        }
        return locks;
    }

    private @Nullable Result refused(List<Lock> locks, Grant.Ask ask, long session) {
        for (int i = 0; i < locks.size(); i++) {
            Lock lock = locks.get(i);
            if (lock.limit != ask.claims().get(i).limit()) {
                refuse(ask, session, Cause.LIMIT_MISMATCH);
                return new Result.LimitMismatch(ask.grant(), lock.name, lock.limit);
            }
        }
        Lock busy = ask.waitMillis() == 0 ? busy(locks, ask) : null;
        if (busy == null) {
            return null;
        }
        refuse(ask, session, Cause.REFUSED);
        return new Result.LockHeld(ask.grant(), busy.name, busy.holders(Limits.HOLDERS_SHOWN), busy.waiting());
    }

    /** Returns the first lock that does not admit what is asked of it. */
    private static @Nullable Lock busy(List<Lock> locks, Grant.Ask ask) {
        for (int i = 0; i < locks.size(); i++) {
            Claim claim = ask.claims().get(i);
            if (!locks.get(i).admits(claim.mode(), claim.permits())) {
                return locks.get(i);
            }
        }
        return null;
    }

    /** Remembers the id, so that a second copy is not granted later to a client that was told no (T15). */
    private void refuse(Grant.Ask ask, long session, Cause cause) {
        state.remember(ask.grant(), new EndedView(session, 0, cause, state.revision));
    }

    private @Nullable Result full(List<Lock> locks, Grant.Ask ask, int grantsOfSession) {
        Quotas quotas = state.quotas;
        if (state.places + locks.size() > quotas.grants()) {
            return new Result.QuotaExceeded(Quota.GRANTS, quotas.grants(), null);
        }
        if (grantsOfSession >= quotas.grantsPerSession()) {
            return new Result.QuotaExceeded(Quota.GRANTS_PER_SESSION, quotas.grantsPerSession(), null);
        }
        if (busy(locks, ask) != null) {
            for (Lock lock : locks) {
                if (lock.waiting() >= quotas.waitersPerLock()) {
                    return new Result.QuotaExceeded(Quota.WAITERS_PER_LOCK, quotas.waitersPerLock(), lock.name);
                }
            }
        }
        return noToken();
    }

    /** Every ticket in line has its token in reserve, so a hand-over never finds the counter at its end (T10). */
    private @Nullable Result noToken() {
        long last = state.quotas.lastToken();
        return state.lastToken + state.waiting >= last ? new Result.QuotaExceeded(Quota.TOKENS, last, null) : null;
    }

    private Session open(@Nullable String key, String name, long ttlMillis, String metadata) {
        Session session = new Session(state.revision, key, name, ttlMillis, metadata, atMillis);
        state.open(session);
        changes.add(new Change(Kind.SESSION_OPENED, null, null, session.id, 0, 0, null, ttlMillis));
        return session;
    }

    private Result ask(Session session, List<Lock> locks, Grant.Ask ask) {
        Grant grant = new Grant(session, locks, state.revision, ask);
        if (busy(locks, ask) == null) {
            state.add(grant);
            state.hold(grant, ++state.lastToken, atMillis);
            grant.report(changes, Kind.GRANTED, null);
            return new Result.Granted(grant.view(), false);
        }
        state.add(grant);
        state.enqueue(grant);
        // Last in each line, so it opens where all ahead of it are open; at one place at least it does not.
        locks.forEach(Lock::openNext);
        List<WaitsFor> cycle = Deadlocks.cycleOf(grant);
        if (!cycle.isEmpty()) {
            state.end(grant, Cause.DEADLOCK);
            touch(grant);
            moveOn();
            return new Result.Deadlock(grant.id, cycle);
        }
        grant.report(changes, Kind.WAITING, null);
        return new Result.Waiting(grant.view(), false);
    }

    @Override
    public Result onChangeMode(Command.ChangeMode c) {
        Grant grant = state.grants.get(c.grant());
        if (grant == null) {
            EndedView ended = state.endedGrants.get(c.grant());
            return ended == null ? new Result.GrantUnknown(c.grant()) : grantEnded(c.grant(), ended);
        }
        if (c.token() != 0 && c.token() != grant.token) {
            return new Result.TokenStale(c.grant(), grant.token);
        }
        Result refused = modeRefused(grant, c.mode());
        if (refused != null) {
            return refused;
        }
        if (hasMode(grant, c.mode())) {
            return new Result.ModeChanged(grant.view());
        }
        return c.mode() == Mode.SHARED ? downgrade(grant) : upgrade(grant);
    }

    private static @Nullable Result modeRefused(Grant grant, Mode mode) {
        for (int i = 0; i < grant.size(); i++) {
            Place place = grant.place(i);
            Lock lock = place.lock;
            Result.ModeRefused.Reason reason = null;
            if (!grant.held()) {
                reason = Result.ModeRefused.Reason.IN_LINE;
            } else if (lock.limit > 0) {
                reason = Result.ModeRefused.Reason.SEMAPHORE;
            } else if (mode == Mode.EXCLUSIVE && lock.used > 1) {
                reason = Result.ModeRefused.Reason.NOT_ALONE;
            } else if (mode == Mode.EXCLUSIVE && lock.open() > 0) {
                // To close them again would be to overtake them.
                reason = Result.ModeRefused.Reason.PROMISED;
            }
            if (reason != null) {
                List<GrantView> holders = lock.holders(Limits.HOLDERS_SHOWN);
                return new Result.ModeRefused(grant.id, lock.name, holders, lock.waiting(), reason);
            }
        }
        return null;
    }

    private static boolean hasMode(Grant grant, Mode mode) {
        for (int i = 0; i < grant.size(); i++) {
            if (grant.place(i).mode != mode) {
                return false;
            }
        }
        return true;
    }

    private Result upgrade(Grant grant) {
        Result none = noToken();
        if (none != null) {
            return none;
        }
        state.change(grant, Mode.EXCLUSIVE, ++state.lastToken);
        grant.report(changes, Kind.UPGRADED, null);
        return new Result.ModeChanged(grant.view());
    }

    private Result downgrade(Grant grant) {
        state.change(grant, Mode.SHARED, grant.token);
        grant.report(changes, Kind.DOWNGRADED, null);
        touch(grant);
        moveOn();
        return new Result.ModeChanged(grant.view());
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
        touch(grant);
        Kind ofHolder = cause == Cause.SESSION_EXPIRED ? Kind.EXPIRED : Kind.RELEASED;
        grant.report(changes, held ? ofHolder : Kind.CANCELLED, cause);
    }

    private void touch(Grant grant) {
        for (int i = 0; i < grant.size(); i++) {
            touched.add(grant.place(i).lock);
        }
    }

    /**
     * Opens what may be opened in the lines that were touched, and grants the tickets that miss nothing any more, in
     * the order in which they came. Their sessions are alive: the tickets of those that ended have left (T9).
     */
    private void moveOn() {
        List<Grant> ready = new ArrayList<>(1);
        for (Lock lock : touched) {
            for (Place place = lock.openNext(); place != null; place = lock.openNext()) {
                if (place.grant.isReady()) {
                    ready.add(place.grant);
                }
            }
        }
        ready.sort(Comparator.comparingLong(grant -> grant.ticket));
        for (Grant grant : ready) {
            state.handOver(grant, ++state.lastToken, atMillis);
            grant.report(changes, Kind.GRANTED, null);
        }
        touched.forEach(state::tidy);
    }
}

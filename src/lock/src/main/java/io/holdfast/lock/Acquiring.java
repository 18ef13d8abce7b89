package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of taking a ticket: who gets its locks at once, who gets in line, and who is refused. */
final class Acquiring {

    private final Ledger ledger;
    private final State state;

    Acquiring(Ledger ledger) {
        this.ledger = ledger;
        this.state = ledger.state;
    }

    Result acquire(Command.Acquire c) {
        Grant.Ask ask = Grant.Ask.of(c);
        Grant known = state.grants.get(c.grant());
        if (known != null) {
            return askedBefore(known, known.session.id == c.session() && known.matches(ask));
        }
        Result used = used(c.grant());
        if (used != null) {
            return used;
        }
        Session session = state.sessions.get(c.session());
        if (session == null) {
            return ledger.sessionGone(c.session());
        }
        Result notYours = ledger.notYours(session);
        if (notYours != null) {
            return notYours;
        }
        if (session.ending != null) {
            return Ledger.ending(session, session.ending);
        }
        List<Lock> locks = locks(ask);
        Result refused = refused(locks, ask, session.id, session.owner);
        if (refused == null) {
            refused = state.principals.refusal(state.acl(), session.owner, 0, 1);
        }
        if (refused == null) {
            refused = full(locks, ask, session.held + session.waiting);
        }
        return refused != null ? refused : ask(session, locks, ask);
    }

    Result acquire(Command.AcquireAlone c) {
        Grant.Ask ask = Grant.Ask.of(c);
        Grant known = state.grants.get(c.grant());
        if (known != null) {
            boolean same = known.endsSession()
                    && known.session.ttlMillis == c.ttlMillis()
                    && known.session.name.equals(c.sessionName())
                    && known.matches(ask);
            return askedBefore(known, same);
        }
        Result used = used(c.grant());
        if (used != null) {
            return used;
        }
        List<Lock> locks = locks(ask);
        Session.Terms terms = new Session.Terms(null, c.sessionName(), c.ttlMillis(), "", 0, ledger.principal);
        Result refused = refused(locks, ask, 0, ledger.principal);
        if (refused == null) {
            refused = state.principals.refusal(state.acl(), ledger.principal, 1, 1);
        }
        if (refused == null && state.sessions.size() >= state.rules().quotas().sessions()) {
            refused = new Result.QuotaExceeded(
                    Quota.SESSIONS, state.rules().quotas().sessions(), null);
        }
        if (refused == null) {
            refused = full(locks, ask, 0);
        }
        return refused != null ? refused : ask(new Session(state.revision, terms, ledger.atMillis), locks, ask);
    }

    /** Returns the answer when the id is of a grant that ended; null when it is not. */
    private @Nullable Result used(String id) {
        EndedView ended = state.endedGrant(id);
        if (ended == null) {
            return null;
        }
        return ledger.isOwn(ended) ? Ledger.grantEnded(id, ended) : new Result.IdTaken(id);
    }

    private Result askedBefore(Grant known, boolean same) {
        if (!ledger.isOwn(known.session)) {
            return new Result.IdTaken(known.id);
        }
        Result ending = Ledger.ending(known);
        if (ending != null) {
            return ending;
        }
        if (!same) {
            return new Result.GrantMismatch(known.id);
        }
        return known.held() ? new Result.Granted(known.view(), true) : new Result.Waiting(known.view(), true);
    }

    private List<Lock> locks(Grant.Ask ask) {
        List<Lock> locks = new ArrayList<>(ask.claims().size());
        for (Claim claim : ask.claims()) {
            locks.add(state.lockToAsk(claim));
        }
        return locks;
    }

    private @Nullable Result refused(List<Lock> locks, Grant.Ask ask, long session, String owner) {
        for (int i = 0; i < locks.size(); i++) {
            Lock lock = locks.get(i);
            Claim claim = ask.claims().get(i);
            boolean tooMany = lock.asked > 0 && claim.permits() > lock.limit();
            if (!lock.accepts(claim.limit()) || tooMany) {
                refuse(ask, new EndedView(session, 0, Cause.LIMIT_MISMATCH, state.revision, owner));
                return new Result.LimitMismatch(ask.grant(), lock.name, lock.limit());
            }
        }
        Lock busy = ask.waitMillis() == 0 ? busy(locks, ask) : null;
        if (busy == null) {
            return null;
        }
        Closed closed = busy.closed;
        Cause cause = closed == null ? Cause.REFUSED : Cause.DELAYED;
        refuse(ask, new EndedView(session, 0, cause, state.revision, owner));
        if (closed != null) {
            return new Result.LockDelayed(ask.grant(), busy.name, closed.millis());
        }
        return new Result.LockHeld(ask.grant(), busy.name, busy.used, busy.waiting());
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

    /** Remembers the id, so that a second copy is never granted to a client that was rejected (protocol.md#t15). */
    private void refuse(Grant.Ask ask, EndedView ended) {
        state.remember(ask.grant(), ended);
    }

    /** Returns the refusal of a quota in counts that the ticket would pass. */
    private @Nullable Result full(List<Lock> locks, Grant.Ask ask, int grantsOfSession) {
        Quotas quotas = state.rules().quotas();
        if (state.places + state.delays + locks.size() > quotas.grants()) {
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
        return ledger.noToken();
    }

    private Result ask(Session session, List<Lock> locks, Grant.Ask ask) {
        Grant grant = new Grant(session, locks, state.revision, ask);
        Result full = ledger.add(grant);
        if (full != null) {
            return full;
        }
        if (busy(locks, ask) == null) {
            state.hold(grant, ++state.lastToken, ledger.atMillis);
            grant.report(ledger.changes, Kind.GRANTED, null);
            return new Result.Granted(grant.view(), false);
        }
        state.enqueue(grant);
        // Last in each line, so it opens where all ahead of it are open; at one place at least it does not.
        locks.forEach(Lock::openNext);
        List<WaitsFor> cycle =
                Deadlocks.of(grant, state.rules().deadlockSteps()).cycle();
        if (!cycle.isEmpty()) {
            ledger.leave(grant, Cause.DEADLOCK, null);
            ledger.moveOn();
            return new Result.Deadlock(grant.id, cycle);
        }
        grant.report(ledger.changes, Kind.WAITING, null);
        return new Result.Waiting(grant.view(), false);
    }
}

package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.InvalidAclException;
import java.util.List;

/**
 * The rules of the table: what one command does to the state (protocol.md#locks).
 *
 * <p>Sessions, releases and expiries are here; the others are with {@link Acquiring} and {@link Holding}.
 */
final class Transaction implements CommandHandler<Result> {

    private final State state;
    private final Ledger ledger;
    private final Holding holding;

    Transaction(State state, long atMillis) {
        this.state = state;
        this.ledger = new Ledger(state, atMillis);
        this.holding = new Holding(ledger);
    }

    List<Change> changes() {
        return ledger.changes;
    }

    @Override
    public Result onOpenSession(Command.OpenSession c) {
        Long known = state.keys.get(c.key());
        if (known != null) {
            return openedBefore(known, c);
        }
        if (state.sessions.size() >= state.rules().quotas().sessions()) {
            return new Result.QuotaExceeded(
                    Quota.SESSIONS, state.rules().quotas().sessions(), null);
        }
        Result refused = state.principals.refusal(state.acl(), ledger.principal, 1, 0);
        if (refused != null) {
            return refused;
        }
        Session.Terms terms = new Session.Terms(
                c.key(), c.name(), c.ttlMillis(), c.metadata(), c.lockDelayMillis(), ledger.principal);
        Session session = new Session(state.revision, terms, c.atMillis());
        Result full = ledger.open(session);
        return full != null ? full : new Result.SessionOpened(session.view(), false);
    }

    private Result openedBefore(long id, Command.OpenSession c) {
        Session session = state.sessions.get(id);
        if (session == null) {
            Result gone = ledger.sessionGone(id);
            return gone instanceof Result.NotYours ? new Result.IdTaken(c.key()) : gone;
        }
        if (!ledger.isOwn(session)) {
            return new Result.IdTaken(c.key());
        }
        if (session.ending != null) {
            return Ledger.ending(session, session.ending);
        }
        boolean same = session.ttlMillis == c.ttlMillis()
                && session.name.equals(c.name())
                && session.metadata.equals(c.metadata())
                && session.lockDelayMillis == c.lockDelayMillis();
        return same ? new Result.SessionOpened(session.view(), true) : new Result.SessionMismatch(id);
    }

    @Override
    public Result onSetStateBytes(Command.SetStateBytes c) {
        state.limitBytes(c.bytes());
        return new Result.StateBytesSet(c.bytes());
    }

    @Override
    public Result onCloseSession(Command.CloseSession c) {
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
        Cause cause = c.dead() ? Cause.CONFIRMED_DEAD : Cause.REQUESTED;
        ledger.end(session, cause, c.forcedBy().isEmpty() ? null : c.forcedBy());
        ledger.moveOn();
        return new Result.SessionClosed(c.session());
    }

    @Override
    public Result onExpireSessions(Command.ExpireSessions c) {
        int ended = 0;
        for (long id : c.sessions()) {
            Session session = state.sessions.get(id);
            if (session != null && session.ending == null) {
                ledger.end(session, Cause.SESSION_EXPIRED);
                ended++;
            }
        }
        ledger.moveOn();
        return new Result.Expired(ended);
    }

    @Override
    public Result onContinueEndings(Command.ContinueEndings c) {
        int ended = 0;
        while (!state.ending.isEmpty() && !ledger.isFull()) {
            Session session = state.ending.firstEntry().getValue();
            Cause cause = session.ending;
            if (cause == null) {
                throw new IllegalStateException("session " + session.id + " is ending without a cause");
            }
            ledger.end(session, cause, session.endingNote);
            ended += session.first == null ? 1 : 0;
        }
        ledger.moveOn();
        return new Result.EndingsContinued(ended);
    }

    @Override
    public Result onAcquire(Command.Acquire c) {
        return new Acquiring(ledger).acquire(c);
    }

    @Override
    public Result onAcquireAlone(Command.AcquireAlone c) {
        return new Acquiring(ledger).acquire(c);
    }

    @Override
    public Result onChangeMode(Command.ChangeMode c) {
        return holding.changeMode(c);
    }

    @Override
    public Result onTransfer(Command.Transfer c) {
        return holding.transfer(c);
    }

    @Override
    public Result onBreak(Command.Break c) {
        return holding.breakUp(c);
    }

    @Override
    public Result onExpireYields(Command.ExpireYields c) {
        return holding.expireYields(c);
    }

    @Override
    public Result onExpireBreaks(Command.ExpireBreaks c) {
        return holding.expireBreaks(c);
    }

    @Override
    public Result onExpireDelays(Command.ExpireDelays c) {
        int ended = 0;
        for (LockDelay delay : c.items()) {
            Lock lock = state.locks.get(delay.lock());
            Closed closed = lock == null ? null : lock.closed;
            if (lock != null && closed != null && closed.number() == delay.number()) {
                state.open(lock);
                ledger.changes.add(new Change(Change.Kind.DELAY_ENDED, lock.name, null, 0, 0, 0, null, 0, null));
                ledger.touch(lock);
                ended++;
            }
        }
        ledger.moveOn();
        return new Result.Expired(ended);
    }

    @Override
    public Result onRelease(Command.Release c) {
        Grant grant = state.grants.get(c.grant());
        if (grant == null) {
            return releasedBefore(c);
        }
        Result notYours = ledger.notYours(grant);
        if (notYours != null) {
            return notYours;
        }
        Cause ending = grant.session.ending;
        if (ending != null) {
            return new Result.Gone(c.grant(), Ledger.ofGrants(ending), null);
        }
        if (c.token() != 0 && c.token() != grant.token) {
            return new Result.TokenStale(c.grant(), grant.token);
        }
        GrantView view = grant.view();
        holding.release(grant, c);
        return view.granted() ? new Result.Released(view) : new Result.Cancelled(view);
    }

    private Result releasedBefore(Command.Release c) {
        EndedView ended = state.endedGrant(c.grant());
        if (ended == null && (c.token() != 0 || !state.rules().rememberUnknownReleases())) {
            return new Result.GrantUnknown(c.grant());
        }
        if (ended == null) {
            // It may have overtaken its acquire, whose client wants nothing any more (protocol.md#t15).
            state.remember(c.grant(), new EndedView(0, 0, Cause.REQUESTED, state.revision, ledger.principal));
            return new Result.Gone(c.grant(), Cause.REQUESTED, null);
        }
        if (!ledger.isOwn(ended)) {
            return new Result.NotYours(ended.session(), c.grant());
        }
        return c.token() != 0 && c.token() != ended.token()
                ? new Result.TokenStale(c.grant(), ended.token())
                : new Result.Gone(c.grant(), ended.cause(), ended.note());
    }

    @Override
    public Result onChangeLimit(Command.ChangeLimit c) {
        return new Limiting(ledger).changeLimit(c);
    }

    /** A process that was superseded does not get the session back (protocol.md#t12). */
    @Override
    public Result onAttach(Command.Attach c) {
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
        if (session.superseded.contains(c.attachId())) {
            return new Result.Superseded(session.id);
        }
        Result full = session.attachId.equals(c.attachId()) ? null : ledger.attach(session, c.attachId());
        return full != null ? full : new Result.Attached(session.view());
    }

    @Override
    public Result onExpireWaits(Command.ExpireWaits c) {
        int ended = 0;
        for (Ticket ticket : c.tickets()) {
            Grant grant = state.grants.get(ticket.grant());
            if (grant != null && grant.ticket == ticket.number() && !grant.held() && grant.session.ending == null) {
                ledger.endAlso(grant, Cause.WAIT_OVER);
                ended++;
            }
        }
        ledger.moveOn();
        return new Result.Expired(ended);
    }

    @Override
    public Result onChangeAcl(ChangeAcl c) {
        Acl acl = state.acl();
        if (c.base() != acl.revision()) {
            return new Result.RulesReplaced(acl.revision());
        }
        try {
            state.rule(acl.after(c.change(), state.revision));
        } catch (InvalidAclException e) {
            return new Result.AclRefused(e.field(), e.problem());
        }
        return new Result.AclChanged(state.acl().revision());
    }

    @Override
    public Result onBehalf(OnBehalf c) {
        ledger.principal = c.principal();
        return c.command().dispatch(this);
    }

    @Override
    public Result onJudged(Judged c) {
        long inForce = state.acl().revision();
        return c.aclRevision() == inForce ? c.command().dispatch(this) : new Result.RulesReplaced(inForce);
    }
}

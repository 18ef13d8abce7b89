package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of the lock table once more, as plainly as they can be said: rows in lists, found by looking at every one.
 * It shares no code with the table but the records it is compared by.
 */
final class NaiveTable extends NaiveHolding {

    NaiveTable(Quotas quotas) {
        super(quotas);
    }

    Applied apply(long toRevision, Command command) {
        revision = toRevision;
        at = command.atMillis();
        clock = Math.max(clock, at);
        changes = new ArrayList<>();
        principal = "";
        Result result = command.dispatch(this);
        forgetLimits();
        return new Applied(revision, at, result, changes);
    }

    @Override
    public Result onOpenSession(Command.OpenSession c) {
        for (SessionRow s : sessions) {
            if (c.key().equals(s.key)) {
                if (!isOwn(s.owner)) {
                    return new Result.IdTaken(c.key());
                }
                if (s.ended != null) {
                    return new Result.SessionEnded(s.id, s.ended);
                }
                boolean same = s.ttl == c.ttlMillis()
                        && s.name.equals(c.name())
                        && s.metadata.equals(c.metadata())
                        && s.lockDelay == c.lockDelayMillis();
                return same ? new Result.SessionOpened(view(s), true) : new Result.SessionMismatch(s.id);
            }
        }
        if (live().size() == quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, quotas.sessions(), null);
        }
        return new Result.SessionOpened(
                view(open(c.key(), c.name(), c.ttlMillis(), c.metadata(), c.lockDelayMillis())), false);
    }

    @Override
    public Result onCloseSession(Command.CloseSession c) {
        SessionRow s = session(c.session());
        if (s == null) {
            return new Result.SessionUnknown(c.session());
        }
        if (!isOwn(s.owner)) {
            return new Result.NotYours(s.id, null);
        }
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        end(s, c.dead() ? Cause.CONFIRMED_DEAD : Cause.REQUESTED, c.forcedBy().isEmpty() ? null : c.forcedBy());
        moveOn();
        return new Result.SessionClosed(s.id);
    }

    @Override
    public Result onAttach(Command.Attach c) {
        SessionRow s = session(c.session());
        if (s == null) {
            return new Result.SessionUnknown(c.session());
        }
        if (!isOwn(s.owner)) {
            return new Result.NotYours(s.id, null);
        }
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        if (s.superseded.contains(c.attachId())) {
            return new Result.Superseded(s.id);
        }
        if (!c.attachId().equals(s.attachId)) {
            if (s.attachId != null) {
                List<String> all = new ArrayList<>(s.superseded);
                all.add(s.attachId);
                s.superseded = all.subList(Math.max(0, all.size() - 8), all.size());
            }
            s.attachId = c.attachId();
            changes.add(new Change(Kind.SESSION_ATTACHED, null, null, s.id, 0, 0, null, 0, null));
        }
        return new Result.Attached(view(s));
    }

    @Override
    public Result onExpireSessions(Command.ExpireSessions c) {
        int count = 0;
        for (long id : c.sessions()) {
            SessionRow s = session(id);
            if (s != null && s.ended == null) {
                end(s, Cause.SESSION_EXPIRED);
                count++;
            }
        }
        moveOn();
        return new Result.Expired(count);
    }

    @Override
    public Result onAcquire(Command.Acquire c) {
        GrantRow g = grant(c.grant());
        if (g != null) {
            return again(g, g.sessionId == c.session() && same(g, c.claims(), c.metadata()));
        }
        SessionRow s = session(c.session());
        if (s == null) {
            return new Result.SessionUnknown(c.session());
        }
        if (!isOwn(s.owner)) {
            return new Result.NotYours(s.id, null);
        }
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        GrantRow row = row(c.grant(), c.claims(), c.metadata(), c.waitMillis());
        row.owner = s.owner;
        row.session = s;
        row.sessionId = s.id;
        Result refused = refused(row);
        if (refused == null) {
            refused = full(s, row);
        }
        return refused != null ? refused : ask(row);
    }

    @Override
    public Result onAcquireAlone(Command.AcquireAlone c) {
        GrantRow g = grant(c.grant());
        if (g != null) {
            boolean same = g.ended == null
                    && g.endsSession()
                    && g.session.ttl == c.ttlMillis()
                    && g.session.name.equals(c.sessionName());
            return again(g, same && same(g, c.claims(), c.metadata()));
        }
        GrantRow row = row(c.grant(), c.claims(), c.metadata(), c.waitMillis());
        row.owner = principal;
        Result refused = refused(row);
        if (refused != null) {
            return refused;
        }
        if (live().size() == quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, quotas.sessions(), null);
        }
        Result full = full(null, row);
        if (full != null) {
            return full;
        }
        row.session = open(null, c.sessionName(), c.ttlMillis(), "", 0);
        row.sessionId = row.session.id;
        return ask(row);
    }

    private GrantRow row(String id, List<Claim> claims, String metadata, long wait) {
        GrantRow g = new GrantRow();
        g.id = id;
        g.claims = claims;
        g.metadata = metadata;
        g.wait = wait;
        g.ticket = revision;
        g.askedAt = at;
        return g;
    }

    /** Claims as they would be had every semaphore that was set the most permits there are: tickets may name any. */
    private List<Claim> normal(List<Claim> claims) {
        return claims.stream()
                .map(claim -> claim.limit() > 0 && limits.containsKey(claim.lock())
                        ? Claim.semaphore(claim.lock(), claim.permits(), Limits.PERMITS_MAX)
                        : claim)
                .toList();
    }

    private boolean same(GrantRow g, List<Claim> claims, String metadata) {
        boolean equal = normal(g.claims).equals(normal(claims));
        if (g.changed && g.claims.size() == claims.size()) {
            equal = true;
            for (int i = 0; i < claims.size(); i++) {
                equal &= g.claims.get(i).lock().equals(claims.get(i).lock())
                        && claims.get(i).limit() == 0;
            }
        }
        return equal && g.metadata.equals(metadata);
    }

    private Result again(GrantRow g, boolean same) {
        if (!isOwn(g.owner)) {
            return new Result.IdTaken(g.id);
        }
        if (g.ended != null) {
            return new Result.GrantEnded(g.id, g.sessionId, g.token, g.ended);
        }
        if (!same) {
            return new Result.GrantMismatch(g.id);
        }
        return g.token != 0 ? new Result.Granted(view(g), true) : new Result.Waiting(view(g), true);
    }

    private Result refused(GrantRow g) {
        for (Claim claim : g.claims) {
            Integer set = limits.get(claim.lock());
            if (set != null && claim.limit() > 0) {
                if (claim.permits() > set) {
                    refuse(g, Cause.LIMIT_MISMATCH);
                    return new Result.LimitMismatch(g.id, claim.lock(), set);
                }
                continue;
            }
            for (GrantRow other : liveGrants()) {
                Claim used = NaiveLines.claim(other, claim.lock());
                if (used != null && used.limit() != claim.limit()) {
                    refuse(g, Cause.LIMIT_MISMATCH);
                    return new Result.LimitMismatch(g.id, claim.lock(), used.limit());
                }
            }
            DelayRow delay = delay(claim.lock());
            if (delay != null && delay.limit() != claim.limit()) {
                refuse(g, Cause.LIMIT_MISMATCH);
                return new Result.LimitMismatch(g.id, claim.lock(), delay.limit());
            }
        }
        g.claims = g.claims.stream()
                .map(claim -> claim.limit() > 0 && limits.containsKey(claim.lock())
                        ? Claim.semaphore(claim.lock(), claim.permits(), limits.get(claim.lock()))
                        : claim)
                .toList();
        if (g.wait > 0) {
            return null;
        }
        for (Claim claim : g.claims) {
            if (delay(claim.lock()) != null) {
                refuse(g, Cause.DELAYED);
                return new Result.LockDelayed(
                        g.id, claim.lock(), delay(claim.lock()).millis());
            }
            if (!lines().fits(g, claim)) {
                refuse(g, Cause.REFUSED);
                LockView lock = lockView(claim.lock(), Limits.HOLDERS_SHOWN, 0);
                return new Result.LockHeld(g.id, claim.lock(), lock.used(), lock.waiting());
            }
        }
        return null;
    }

    private void refuse(GrantRow g, Cause cause) {
        g.attempt = true;
        g.ended = cause;
        g.endedAt = revision;
        g.endedMillis = clock;
        grants.remove(g);
        grants.add(g);
        forgetOld();
    }

    private Result full(SessionRow s, GrantRow asked) {
        long ofSession =
                liveGrants().stream().filter(g -> g.session == s && s != null).count();
        int locks = liveGrants().stream().mapToInt(g -> g.claims.size()).sum();
        if (locks + delays.size() + asked.claims.size() > quotas.grants()) {
            return new Result.QuotaExceeded(Quota.GRANTS, quotas.grants(), null);
        }
        if (ofSession == quotas.grantsPerSession()) {
            return new Result.QuotaExceeded(Quota.GRANTS_PER_SESSION, quotas.grantsPerSession(), null);
        }
        if (!lines().grantable(asked)) {
            for (Claim claim : asked.claims) {
                if (lines().line(claim.lock()).size() == quotas.waitersPerLock()) {
                    return new Result.QuotaExceeded(Quota.WAITERS_PER_LOCK, quotas.waitersPerLock(), claim.lock());
                }
            }
        }
        return tokensLeft() ? null : new Result.QuotaExceeded(Quota.TOKENS, quotas.lastToken(), null);
    }

    private Result ask(GrantRow g) {
        boolean free = lines().grantable(g);
        grants.add(g);
        if (free) {
            give(g);
            return new Result.Granted(view(g), false);
        }
        NaiveDeadlock deadlock = new NaiveDeadlock(liveGrants(), lines(), g);
        if (deadlock.isOne()) {
            lastDeadlock = deadlock;
            refuse(g, Cause.DEADLOCK);
            return new Result.Deadlock(g.id, List.of());
        }
        report(Kind.WAITING, g, null, g.wait);
        return new Result.Waiting(view(g), false);
    }

    /** Its sessions end at once. */
    @Override
    public Result onContinueEndings(Command.ContinueEndings c) {
        return new Result.EndingsContinued(0);
    }

    /** Its quotas have no bound in bytes. */
    @Override
    public Result onSetStateBytes(Command.SetStateBytes c) {
        return new Result.StateBytesSet(c.bytes());
    }

    @Override
    public Result onExpireWaits(Command.ExpireWaits c) {
        int count = 0;
        for (Ticket t : c.tickets()) {
            GrantRow g = grant(t.grant());
            if (g != null && g.ended == null && g.token == 0 && g.ticket == t.number()) {
                endAlso(g, Cause.WAIT_OVER);
                count++;
            }
        }
        moveOn();
        return new Result.Expired(count);
    }

    @Override
    public Result onChangeAcl(ChangeAcl c) {
        throw new AssertionError("rules have tests of their own");
    }

    @Override
    public Result onBehalf(OnBehalf c) {
        principal = c.principal();
        return c.command().dispatch(this);
    }

    @Override
    public Result onJudged(Judged c) {
        throw new AssertionError("rules have tests of their own");
    }
}

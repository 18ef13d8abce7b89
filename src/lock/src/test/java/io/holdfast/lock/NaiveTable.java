package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The rules of the lock table once more, as plainly as they can be said: rows in lists, found by looking at every one.
 * It shares no code with the table but the records it is compared by.
 */
final class NaiveTable implements CommandHandler<Result> {

    static final class SessionRow {
        long id;
        String key;
        String name;
        long ttl;
        String metadata;
        long openedAt;
        Cause ended;
        long endedAt;
    }

    static final class GrantRow {
        String id;
        List<Claim> claims;
        SessionRow session;
        long sessionId;
        String metadata;
        long ticket;
        long wait;
        long askedAt;
        long grantedAt;
        long token;
        Cause ended;
        long endedAt;

        boolean endsSession() {
            return session.key == null && session.id == ticket;
        }
    }

    final Quotas quotas;
    /**
     * Live and remembered ones, the live ones in the order in which they came, the others in the order in which they
     * ended.
     */
    final List<SessionRow> sessions = new ArrayList<>();

    final List<GrantRow> grants = new ArrayList<>();
    long revision;
    long lastToken;
    private long at;
    private NaiveDeadlock lastDeadlock;
    private List<Change> changes = new ArrayList<>();

    NaiveTable(Quotas quotas) {
        this.quotas = quotas;
    }

    Applied apply(long toRevision, Command command) {
        revision = toRevision;
        at = command.atMillis();
        changes = new ArrayList<>();
        Result result = command.dispatch(this);
        return new Applied(revision, at, result, changes);
    }

    List<SessionRow> live() {
        return sessions.stream().filter(s -> s.ended == null).toList();
    }

    List<GrantRow> liveGrants() {
        return grants.stream().filter(g -> g.ended == null).toList();
    }

    /** Whether it is one that the last refused ticket would have closed. */
    boolean isCycle(List<WaitsFor> cycle) {
        return lastDeadlock != null && lastDeadlock.isCycle(cycle);
    }

    NaiveLines lines() {
        return new NaiveLines(liveGrants());
    }

    SessionRow session(long id) {
        return sessions.stream().filter(s -> s.id == id).findFirst().orElse(null);
    }

    GrantRow grant(String id) {
        return grants.stream().filter(g -> g.id.equals(id)).findFirst().orElse(null);
    }

    GrantView view(GrantRow g) {
        NaiveLines.Spot spot = lines().spot(g);
        return new GrantView(
                g.id,
                g.claims,
                g.session.id,
                g.session.name,
                g.ticket,
                g.token,
                spot.position(),
                spot.behind(),
                g.wait,
                g.metadata,
                g.askedAt,
                g.grantedAt);
    }

    SessionView view(SessionRow s) {
        int held = (int) liveGrants().stream()
                .filter(g -> g.session == s && g.token != 0)
                .count();
        int waiting = (int) liveGrants().stream()
                .filter(g -> g.session == s && g.token == 0)
                .count();
        return new SessionView(s.id, s.key, s.name, s.ttl, s.metadata, s.key == null, held, waiting, s.openedAt);
    }

    LockView lockView(String name, int holdersShown, int waitersShown) {
        NaiveLines lines = lines();
        List<GrantRow> holders = lines.holders(name);
        List<GrantRow> line = lines.line(name);
        Claim claim = Stream.concat(holders.stream(), line.stream())
                .findFirst()
                .map(g -> NaiveLines.claim(g, name))
                .orElse(Claim.exclusive(name));
        return new LockView(
                name,
                claim.mode(),
                claim.limit() == 0 ? 1 : claim.limit(),
                holders.stream().limit(holdersShown).map(this::view).toList(),
                holders.stream()
                        .mapToInt(g -> NaiveLines.claim(g, name).permits())
                        .sum(),
                line.stream().limit(waitersShown).map(this::view).toList(),
                line.size());
    }

    @Override
    public Result onOpenSession(Command.OpenSession c) {
        for (SessionRow s : sessions) {
            if (c.key().equals(s.key)) {
                if (s.ended != null) {
                    return new Result.SessionEnded(s.id, s.ended);
                }
                boolean same = s.ttl == c.ttlMillis() && s.name.equals(c.name()) && s.metadata.equals(c.metadata());
                return same ? new Result.SessionOpened(view(s), true) : new Result.SessionMismatch(s.id);
            }
        }
        if (live().size() == quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, quotas.sessions(), null);
        }
        return new Result.SessionOpened(view(open(c.key(), c.name(), c.ttlMillis(), c.metadata())), false);
    }

    private SessionRow open(String key, String name, long ttl, String metadata) {
        SessionRow s = new SessionRow();
        s.id = revision;
        s.key = key;
        s.name = name;
        s.ttl = ttl;
        s.metadata = metadata;
        s.openedAt = at;
        sessions.add(s);
        changes.add(new Change(Kind.SESSION_OPENED, null, null, s.id, 0, 0, null, ttl));
        return s;
    }

    @Override
    public Result onCloseSession(Command.CloseSession c) {
        SessionRow s = session(c.session());
        if (s == null) {
            return new Result.SessionUnknown(c.session());
        }
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        end(s, Cause.REQUESTED);
        moveOn();
        return new Result.SessionClosed(s.id);
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
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        GrantRow row = row(c.grant(), c.claims(), c.metadata(), c.waitMillis());
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
        row.session = open(null, c.sessionName(), c.ttlMillis(), "");
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

    private static boolean same(GrantRow g, List<Claim> claims, String metadata) {
        return g.claims.equals(claims) && g.metadata.equals(metadata);
    }

    private Result again(GrantRow g, boolean same) {
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
            for (GrantRow other : liveGrants()) {
                Claim used = NaiveLines.claim(other, claim.lock());
                if (used != null && used.limit() != claim.limit()) {
                    refuse(g, Cause.LIMIT_MISMATCH);
                    return new Result.LimitMismatch(g.id, claim.lock(), used.limit());
                }
            }
        }
        if (g.wait > 0) {
            return null;
        }
        for (Claim claim : g.claims) {
            if (!lines().fits(g, claim)) {
                refuse(g, Cause.REFUSED);
                LockView lock = lockView(claim.lock(), Limits.HOLDERS_SHOWN, 0);
                return new Result.LockHeld(g.id, claim.lock(), lock.holders(), lock.waiting());
            }
        }
        return null;
    }

    private void refuse(GrantRow g, Cause cause) {
        g.ended = cause;
        g.endedAt = revision;
        grants.remove(g);
        grants.add(g);
        forgetOld();
    }

    private Result full(SessionRow s, GrantRow asked) {
        long ofSession =
                liveGrants().stream().filter(g -> g.session == s && s != null).count();
        int locks = liveGrants().stream().mapToInt(g -> g.claims.size()).sum();
        if (locks + asked.claims.size() > quotas.grants()) {
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

    private boolean tokensLeft() {
        return lastToken + liveGrants().stream().filter(g -> g.token == 0).count() < quotas.lastToken();
    }

    private Result ask(GrantRow g) {
        boolean free = lines().grantable(g);
        grants.add(g);
        if (free) {
            give(g);
            return new Result.Granted(view(g), false);
        }
        NaiveDeadlock deadlock = new NaiveDeadlock(liveGrants(), g);
        if (deadlock.isOne()) {
            lastDeadlock = deadlock;
            refuse(g, Cause.DEADLOCK);
            return new Result.Deadlock(g.id, List.of());
        }
        report(Kind.WAITING, g, null, g.wait);
        return new Result.Waiting(view(g), false);
    }

    @Override
    public Result onChangeMode(Command.ChangeMode c) {
        GrantRow g = grant(c.grant());
        if (g == null) {
            return new Result.GrantUnknown(c.grant());
        }
        if (g.ended != null) {
            return new Result.GrantEnded(g.id, g.sessionId, g.token, g.ended);
        }
        if (c.token() != 0 && c.token() != g.token) {
            return new Result.TokenStale(g.id, g.token);
        }
        for (Claim claim : g.claims) {
            boolean toExclusive = c.mode() == Mode.EXCLUSIVE;
            boolean promised = lines().line(claim.lock()).stream()
                    .anyMatch(w -> lines().fits(w, NaiveLines.claim(w, claim.lock())));
            Result.ModeRefused.Reason reason = g.token == 0
                    ? Result.ModeRefused.Reason.IN_LINE
                    : claim.limit() > 0
                            ? Result.ModeRefused.Reason.SEMAPHORE
                            : toExclusive && lines().holders(claim.lock()).size() > 1
                                    ? Result.ModeRefused.Reason.NOT_ALONE
                                    : toExclusive && promised ? Result.ModeRefused.Reason.PROMISED : null;
            if (reason != null) {
                LockView lock = lockView(claim.lock(), Limits.HOLDERS_SHOWN, 0);
                return new Result.ModeRefused(g.id, claim.lock(), lock.holders(), lock.waiting(), reason);
            }
        }
        if (g.claims.stream().allMatch(claim -> claim.mode() == c.mode())) {
            return new Result.ModeChanged(view(g));
        }
        if (c.mode() == Mode.EXCLUSIVE && !tokensLeft()) {
            return new Result.QuotaExceeded(Quota.TOKENS, quotas.lastToken(), null);
        }
        g.claims = g.claims.stream()
                .map(claim -> new Claim(claim.lock(), c.mode(), 1, 0))
                .toList();
        if (c.mode() == Mode.EXCLUSIVE) {
            g.token = ++lastToken;
        }
        report(c.mode() == Mode.EXCLUSIVE ? Kind.UPGRADED : Kind.DOWNGRADED, g, null, 0);
        moveOn();
        return new Result.ModeChanged(view(g));
    }

    private void give(GrantRow g) {
        g.token = ++lastToken;
        g.grantedAt = at;
        report(Kind.GRANTED, g, null, 0);
    }

    @Override
    public Result onRelease(Command.Release c) {
        GrantRow g = grant(c.grant());
        if (g == null) {
            return new Result.GrantUnknown(c.grant());
        }
        if (c.token() != 0 && c.token() != g.token) {
            return new Result.TokenStale(g.id, g.token);
        }
        if (g.ended != null) {
            return new Result.Gone(g.id, g.ended);
        }
        GrantView before = view(g);
        endAlso(g, Cause.REQUESTED);
        moveOn();
        return g.token != 0 ? new Result.Released(before) : new Result.Cancelled(before);
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

    private void endAlso(GrantRow g, Cause cause) {
        end(g, cause);
        if (g.endsSession()) {
            end(g.session, Cause.GRANT_ENDED);
        }
    }

    private void end(SessionRow s, Cause cause) {
        Cause ofGrants = cause == Cause.SESSION_EXPIRED ? Cause.SESSION_EXPIRED : Cause.SESSION_CLOSED;
        liveGrants().stream()
                .filter(g -> g.session == s)
                .sorted(Comparator.comparingLong(g -> g.ticket))
                .forEach(g -> end(g, ofGrants));
        s.ended = cause;
        s.endedAt = revision;
        sessions.remove(s);
        sessions.add(s);
        forgetOld();
        changes.add(new Change(Kind.SESSION_ENDED, null, null, s.id, 0, 0, cause, 0));
    }

    private void end(GrantRow g, Cause cause) {
        g.ended = cause;
        g.endedAt = revision;
        grants.remove(g);
        grants.add(g);
        forgetOld();
        Kind kind = g.token == 0 ? Kind.CANCELLED : cause == Cause.SESSION_EXPIRED ? Kind.EXPIRED : Kind.RELEASED;
        report(kind, g, cause, 0);
    }

    /** Gives its locks to the oldest ticket that may have them, until there is none. */
    private void moveOn() {
        List<GrantRow> next;
        do {
            next = liveGrants().stream()
                    .filter(g -> g.token == 0 && lines().grantable(g))
                    .sorted(Comparator.comparingLong(g -> g.ticket))
                    .limit(1)
                    .toList();
            next.forEach(this::give);
        } while (!next.isEmpty());
    }

    private void forgetOld() {
        List<GrantRow> ended = grants.stream().filter(g -> g.ended != null).toList();
        grants.removeAll(ended.subList(0, Math.max(0, ended.size() - quotas.endedGrants())));
        List<SessionRow> closed = sessions.stream().filter(s -> s.ended != null).toList();
        sessions.removeAll(closed.subList(0, Math.max(0, closed.size() - quotas.endedSessions())));
    }

    private void report(Kind kind, GrantRow g, Cause cause, long millis) {
        long session = Objects.requireNonNull(g.session).id;
        g.claims.forEach(
                claim -> changes.add(new Change(kind, claim.lock(), g.id, session, g.ticket, g.token, cause, millis)));
    }
}

package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

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
        String lock;
        SessionRow session;
        long sessionId;
        Mode mode;
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

    GrantRow holder(String lock) {
        return liveGrants().stream()
                .filter(g -> g.lock.equals(lock) && g.token != 0)
                .findFirst()
                .orElse(null);
    }

    List<GrantRow> line(String lock) {
        return liveGrants().stream()
                .filter(g -> g.lock.equals(lock) && g.token == 0)
                .sorted(Comparator.comparingLong(g -> g.ticket))
                .toList();
    }

    SessionRow session(long id) {
        return sessions.stream().filter(s -> s.id == id).findFirst().orElse(null);
    }

    GrantRow grant(String id) {
        return grants.stream().filter(g -> g.id.equals(id)).findFirst().orElse(null);
    }

    GrantView view(GrantRow g) {
        List<GrantRow> line = line(g.lock);
        int position = g.token != 0 ? 0 : line.indexOf(g) + 1;
        String behind = position == 0 ? null : position == 1 ? holder(g.lock).id : line.get(position - 2).id;
        return new GrantView(
                g.id,
                g.lock,
                g.mode,
                g.session.id,
                g.session.name,
                g.ticket,
                g.token,
                position,
                behind,
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

    LockView lockView(String name, int waiters) {
        GrantRow holder = holder(name);
        List<GrantRow> line = line(name);
        return new LockView(
                name,
                Mode.EXCLUSIVE,
                holder == null ? List.of() : List.of(view(holder)),
                line.stream().limit(waiters).map(this::view).toList(),
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
        List<String> locks = new ArrayList<>();
        end(s, Cause.REQUESTED, locks);
        handOver(locks);
        return new Result.SessionClosed(s.id);
    }

    @Override
    public Result onExpireSessions(Command.ExpireSessions c) {
        int count = 0;
        List<String> locks = new ArrayList<>();
        for (long id : c.sessions()) {
            SessionRow s = session(id);
            if (s != null && s.ended == null) {
                end(s, Cause.SESSION_EXPIRED, locks);
                count++;
            }
        }
        handOver(locks);
        return new Result.Expired(count);
    }

    @Override
    public Result onAcquire(Command.Acquire c) {
        GrantRow g = grant(c.grant());
        if (g != null) {
            return again(g, g.sessionId == c.session() && same(g, c.lock(), c.mode(), c.metadata()));
        }
        SessionRow s = session(c.session());
        if (s == null) {
            return new Result.SessionUnknown(c.session());
        }
        if (s.ended != null) {
            return new Result.SessionEnded(s.id, s.ended);
        }
        GrantRow row = row(c.grant(), c.lock(), c.mode(), c.metadata(), c.waitMillis());
        row.session = s;
        row.sessionId = s.id;
        if (holder(c.lock()) != null && c.waitMillis() == 0) {
            return refuse(row);
        }
        Result full = full(s, c.lock());
        return full != null ? full : ask(row);
    }

    @Override
    public Result onAcquireAlone(Command.AcquireAlone c) {
        GrantRow g = grant(c.grant());
        if (g != null) {
            boolean same = g.ended == null
                    && g.endsSession()
                    && g.session.ttl == c.ttlMillis()
                    && g.session.name.equals(c.sessionName());
            return again(g, same && same(g, c.lock(), c.mode(), c.metadata()));
        }
        GrantRow row = row(c.grant(), c.lock(), c.mode(), c.metadata(), c.waitMillis());
        if (holder(c.lock()) != null && c.waitMillis() == 0) {
            return refuse(row);
        }
        if (live().size() == quotas.sessions()) {
            return new Result.QuotaExceeded(Quota.SESSIONS, quotas.sessions(), null);
        }
        Result full = full(null, c.lock());
        if (full != null) {
            return full;
        }
        row.session = open(null, c.sessionName(), c.ttlMillis(), "");
        row.sessionId = row.session.id;
        return ask(row);
    }

    private GrantRow row(String id, String lock, Mode mode, String metadata, long wait) {
        GrantRow g = new GrantRow();
        g.id = id;
        g.lock = lock;
        g.mode = mode;
        g.metadata = metadata;
        g.wait = wait;
        g.ticket = revision;
        g.askedAt = at;
        return g;
    }

    private static boolean same(GrantRow g, String lock, Mode mode, String metadata) {
        return g.lock.equals(lock) && g.mode == mode && g.metadata.equals(metadata);
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

    private Result refuse(GrantRow g) {
        g.ended = Cause.REFUSED;
        g.endedAt = revision;
        grants.add(g);
        forgetOld();
        LockView lock = lockView(g.lock, 0);
        return new Result.LockHeld(g.id, g.lock, lock.holders(), lock.waiting());
    }

    private Result full(SessionRow s, String lock) {
        long ofSession =
                liveGrants().stream().filter(g -> g.session == s && s != null).count();
        long inLine = liveGrants().stream().filter(g -> g.token == 0).count();
        if (liveGrants().size() == quotas.grants()) {
            return new Result.QuotaExceeded(Quota.GRANTS, quotas.grants(), null);
        }
        if (ofSession == quotas.grantsPerSession()) {
            return new Result.QuotaExceeded(Quota.GRANTS_PER_SESSION, quotas.grantsPerSession(), null);
        }
        if (line(lock).size() == quotas.waitersPerLock()) {
            return new Result.QuotaExceeded(Quota.WAITERS_PER_LOCK, quotas.waitersPerLock(), lock);
        }
        if (lastToken + inLine == quotas.lastToken()) {
            return new Result.QuotaExceeded(Quota.TOKENS, quotas.lastToken(), null);
        }
        return null;
    }

    private Result ask(GrantRow g) {
        boolean free = holder(g.lock) == null;
        grants.add(g);
        if (free) {
            give(g);
            return new Result.Granted(view(g), false);
        }
        changes.add(change(Kind.WAITING, g, null, g.wait));
        return new Result.Waiting(view(g), false);
    }

    private void give(GrantRow g) {
        g.token = ++lastToken;
        g.grantedAt = at;
        changes.add(change(Kind.GRANTED, g, null, 0));
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
        List<String> locks = new ArrayList<>();
        endAlso(g, Cause.REQUESTED, locks);
        handOver(locks);
        return g.token != 0 ? new Result.Released(before) : new Result.Cancelled(before);
    }

    @Override
    public Result onExpireWaits(Command.ExpireWaits c) {
        int count = 0;
        List<String> locks = new ArrayList<>();
        for (Ticket t : c.tickets()) {
            GrantRow g = grant(t.grant());
            if (g != null && g.ended == null && g.token == 0 && g.ticket == t.number()) {
                endAlso(g, Cause.WAIT_OVER, locks);
                count++;
            }
        }
        handOver(locks);
        return new Result.Expired(count);
    }

    private void endAlso(GrantRow g, Cause cause, List<String> locks) {
        end(g, cause, locks);
        if (g.endsSession()) {
            end(g.session, Cause.GRANT_ENDED, locks);
        }
    }

    private void end(SessionRow s, Cause cause, List<String> locks) {
        Cause ofGrants = cause == Cause.SESSION_EXPIRED ? Cause.SESSION_EXPIRED : Cause.SESSION_CLOSED;
        liveGrants().stream()
                .filter(g -> g.session == s)
                .sorted(Comparator.comparingLong(g -> g.ticket))
                .forEach(g -> end(g, ofGrants, locks));
        s.ended = cause;
        s.endedAt = revision;
        sessions.remove(s);
        sessions.add(s);
        forgetOld();
        changes.add(new Change(Kind.SESSION_ENDED, null, null, s.id, 0, 0, cause, 0));
    }

    private void end(GrantRow g, Cause cause, List<String> locks) {
        g.ended = cause;
        g.endedAt = revision;
        grants.remove(g);
        grants.add(g);
        forgetOld();
        Kind kind = g.token == 0 ? Kind.CANCELLED : cause == Cause.SESSION_EXPIRED ? Kind.EXPIRED : Kind.RELEASED;
        changes.add(change(kind, g, cause, 0));
        if (g.token != 0) {
            locks.add(g.lock);
        }
    }

    private void handOver(List<String> locks) {
        for (String lock : locks) {
            line(lock).stream().findFirst().ifPresent(this::give);
        }
    }

    private void forgetOld() {
        List<GrantRow> ended = grants.stream().filter(g -> g.ended != null).toList();
        grants.removeAll(ended.subList(0, Math.max(0, ended.size() - quotas.endedGrants())));
        List<SessionRow> closed = sessions.stream().filter(s -> s.ended != null).toList();
        sessions.removeAll(closed.subList(0, Math.max(0, closed.size() - quotas.endedSessions())));
    }

    private static Change change(Kind kind, GrantRow g, Cause cause, long millis) {
        return new Change(kind, g.lock, g.id, Objects.requireNonNull(g.session).id, g.ticket, g.token, cause, millis);
    }
}

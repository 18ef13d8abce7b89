package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Rows in lists, found by looking at every one, and what every command of the naive table does with them. */
abstract class NaiveRows {

    static final class SessionRow {
        long id;
        String key;
        String name;
        long ttl;
        String metadata;
        long lockDelay;
        long openedAt;
        Cause ended;
        long endedAt;
        long endedMillis;
        String note;
        String owner;
        String attachId;
        List<String> superseded = List.of();
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
        boolean changed;
        Yield yield;
        Breaking breaking;
        Cause ended;
        long endedAt;
        long endedMillis;
        String note;
        /** Principal of its session, or that asked for it. */
        String owner;
        /** It was refused, or was cancelled before it came. */
        boolean attempt;
        /** It is remembered for the sake of its session alone. */
        boolean kept;

        boolean endsSession() {
            return session.key == null && session.id == ticket;
        }
    }

    /** A lock that is closed. */
    record DelayRow(String lock, int limit, long number, long millis) {}

    final Quotas quotas;
    /**
     * Live and remembered ones, the live ones in the order in which they came, the others in the order in which they
     * ended.
     */
    final List<SessionRow> sessions = new ArrayList<>();

    final List<GrantRow> grants = new ArrayList<>();
    final List<DelayRow> delays = new ArrayList<>();
    /** Limits that were set, by lock; kept while the lock is in use. */
    final Map<String, Integer> limits = new TreeMap<>();

    /** That the command is asked for by; empty for none. */
    String principal = "";

    long revision;
    long lastToken;
    long at;
    /** The latest of all times so far. */
    long clock;

    NaiveDeadlock lastDeadlock;
    List<Change> changes = new ArrayList<>();

    NaiveRows(Quotas quotas) {
        this.quotas = quotas;
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
        return new NaiveLines(liveGrants(), delays.stream().map(DelayRow::lock).toList());
    }

    SessionRow session(long id) {
        return sessions.stream().filter(s -> s.id == id).findFirst().orElse(null);
    }

    GrantRow grant(String id) {
        return grants.stream().filter(g -> g.id.equals(id)).findFirst().orElse(null);
    }

    /** Whether the principal of the command may act on what is the owner's. */
    boolean isOwn(String owner) {
        return principal.isEmpty() || owner.isEmpty() || principal.equals(owner);
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
                g.grantedAt,
                g.yield,
                g.breaking,
                g.owner);
    }

    SessionView view(SessionRow s) {
        int held = (int) liveGrants().stream()
                .filter(g -> g.session == s && g.token != 0)
                .count();
        int waiting = (int) liveGrants().stream()
                .filter(g -> g.session == s && g.token == 0)
                .count();
        return new SessionView(
                s.id, s.key, s.name, s.ttl, s.metadata, s.lockDelay, s.key == null, held, waiting, s.openedAt, s.owner);
    }

    LockView lockView(String name, int holdersShown, int waitersShown) {
        NaiveLines lines = lines();
        List<GrantRow> holders = lines.holders(name);
        List<GrantRow> line = lines.line(name);
        DelayRow delay = delay(name);
        Claim unused = delay != null && delay.limit > 0 ? Claim.semaphore(name, 1, delay.limit) : Claim.exclusive(name);
        Claim claim = Stream.concat(holders.stream(), line.stream())
                .findFirst()
                .map(g -> NaiveLines.claim(g, name))
                .orElse(unused);
        return new LockView(
                name,
                claim.mode(),
                claim.limit() == 0 ? 1 : claim.limit(),
                holders.stream().limit(holdersShown).map(this::view).toList(),
                holders.stream()
                        .mapToInt(g -> NaiveLines.claim(g, name).permits())
                        .sum(),
                line.stream().limit(waitersShown).map(this::view).toList(),
                line.size(),
                line.stream()
                        .filter(g -> lines.fits(g, NaiveLines.claim(g, name)))
                        .map(g -> g.id)
                        .limit(Limits.HOLDERS_LISTED)
                        .toList(),
                delay == null ? 0 : delay.millis);
    }

    DelayRow delay(String lock) {
        return delays.stream().filter(d -> d.lock.equals(lock)).findFirst().orElse(null);
    }

    SessionRow open(String key, String name, long ttl, String metadata, long lockDelay) {
        SessionRow s = new SessionRow();
        s.id = revision;
        s.key = key;
        s.name = name;
        s.ttl = ttl;
        s.metadata = metadata;
        s.lockDelay = lockDelay;
        s.openedAt = at;
        s.owner = principal;
        sessions.add(s);
        changes.add(new Change(Kind.SESSION_OPENED, null, null, s.id, 0, 0, null, ttl, null));
        return s;
    }

    boolean tokensLeft() {
        return lastToken + liveGrants().stream().filter(g -> g.token == 0).count() < quotas.lastToken();
    }

    void give(GrantRow g) {
        g.token = ++lastToken;
        g.grantedAt = at;
        report(Kind.GRANTED, g, null, 0);
    }

    void endAlso(GrantRow g, Cause cause) {
        endAlso(g, cause, 0);
    }

    void endAlso(GrantRow g, Cause cause, long closedMillis) {
        end(g, cause, null);
        if (g.token != 0 && closedMillis > 0) {
            g.claims.forEach(claim -> close(g, claim, cause, closedMillis));
        }
        if (g.endsSession()) {
            end(g.session, Cause.GRANT_ENDED);
        }
    }

    void end(SessionRow s, Cause cause) {
        end(s, cause, null);
    }

    void end(SessionRow s, Cause cause, String forcedBy) {
        boolean expires = cause == Cause.SESSION_EXPIRED || cause == Cause.CONFIRMED_DEAD;
        Cause ofGrants = expires ? cause : Cause.SESSION_CLOSED;
        liveGrants().stream()
                .filter(g -> g.session == s)
                .sorted(Comparator.comparingLong(g -> g.ticket))
                .forEach(g -> end(g, ofGrants, forcedBy));
        s.note = forcedBy;
        s.ended = cause;
        s.endedAt = revision;
        s.endedMillis = clock;
        sessions.remove(s);
        sessions.add(s);
        grants.removeIf(g -> g.kept && g.sessionId == s.id);
        forgetOld();
        changes.add(new Change(Kind.SESSION_ENDED, null, null, s.id, 0, 0, cause, 0, null));
    }

    void end(GrantRow g, Cause cause, String forcedBy) {
        g.note = forcedBy;
        leave(g, cause);
        boolean expires = cause == Cause.SESSION_EXPIRED || cause == Cause.CONFIRMED_DEAD;
        Kind kind = g.token == 0 ? Kind.CANCELLED : expires ? Kind.EXPIRED : Kind.RELEASED;
        report(kind, g, cause, 0);
        if (kind == Kind.EXPIRED || (kind == Kind.RELEASED && forcedBy != null)) {
            close(g, cause);
        }
    }

    void leave(GrantRow g, Cause cause) {
        g.ended = cause;
        g.endedAt = revision;
        g.endedMillis = clock;
        grants.remove(g);
        grants.add(g);
        forgetOld();
    }

    void close(GrantRow g, Cause cause) {
        if (g.session.lockDelay > 0) {
            g.claims.forEach(claim -> close(g, claim, cause, g.session.lockDelay));
        }
    }

    private void close(GrantRow g, Claim claim, Cause cause, long least) {
        DelayRow before = delay(claim.lock());
        long millis = before == null ? least : Math.max(before.millis, least);
        delays.remove(before);
        delays.add(new DelayRow(claim.lock(), claim.limit(), revision, millis));
        changes.add(new Change(Kind.DELAYED, claim.lock(), g.id, g.session.id, g.ticket, g.token, cause, millis, null));
    }

    /** A limit that was set is forgotten with the last use of its lock. */
    void forgetLimits() {
        limits.keySet()
                .removeIf(lock ->
                        delay(lock) == null && liveGrants().stream().noneMatch(g -> NaiveLines.claim(g, lock) != null));
    }

    /** Gives its locks to the oldest ticket that may have them, until there is none. */
    void moveOn() {
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

    /** Of each kind the newest stay, and what is young; of grants also some for each session that lives. */
    void forgetOld() {
        Quotas.Ended most = quotas.ended();
        List<GrantRow> ended = grants.stream().filter(g -> g.ended != null).toList();
        List<GrantRow> held = ended.stream().filter(g -> !g.attempt && !g.kept).toList();
        for (GrantRow g : held.subList(0, surplus(held.size(), most.grants()))) {
            if (isOld(g.endedMillis)) {
                keep(g, most.perSession());
            }
        }
        List<GrantRow> attempts = ended.stream().filter(g -> g.attempt).toList();
        attempts.subList(0, surplus(attempts.size(), most.tries())).stream()
                .filter(g -> isOld(g.endedMillis))
                .forEach(grants::remove);
        List<SessionRow> closed = sessions.stream().filter(s -> s.ended != null).toList();
        closed.subList(0, surplus(closed.size(), most.sessions())).stream()
                .filter(s -> isOld(s.endedMillis))
                .forEach(sessions::remove);
    }

    /** Not more than so many are forgotten at once. */
    private static int surplus(int size, int most) {
        return Math.min(16, Math.max(0, size - most));
    }

    private boolean isOld(long endedMillis) {
        return clock - endedMillis >= quotas.ended().millis();
    }

    private void keep(GrantRow g, int most) {
        SessionRow owner = session(g.sessionId);
        if (owner == null || owner.ended != null) {
            grants.remove(g);
            return;
        }
        g.kept = true;
        List<GrantRow> same = grants.stream()
                .filter(other -> other.kept && other.sessionId == g.sessionId)
                .toList();
        grants.removeAll(same.subList(0, Math.max(0, same.size() - most)));
    }

    void report(Kind kind, GrantRow g, Cause cause, long millis) {
        long session = Objects.requireNonNull(g.session).id;
        boolean said = kind == Kind.GRANTED && !(g.session.name.isEmpty() && g.metadata.isEmpty());
        Change.Holder holder = said ? new Change.Holder(g.session.name, g.metadata) : null;
        g.claims.forEach(claim ->
                changes.add(new Change(kind, claim.lock(), g.id, session, g.ticket, g.token, cause, millis, holder)));
    }
}

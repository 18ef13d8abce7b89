package io.holdfast.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The maps of the table, kept in step with each other and with the digest. It does what it is told: the rules are in
 * {@link Transaction}.
 */
final class State {

    private Rules rules;

    long revision;
    long lastToken;
    int held;
    int waiting;
    /** Locks of all grants and tickets. */
    int places;
    /** Locks that are closed for a while. */
    int delays;
    /** Semaphores whose limit was set. */
    int limits;

    final TreeMap<Long, Session> sessions = new TreeMap<>();
    /** Session keys, of open sessions and of remembered ones, to ids. */
    final LinkedHashMap<String, Long> keys = new LinkedHashMap<>();
    /** In the order of tickets, since every ticket is newer than those before. */
    final LinkedHashMap<String, Grant> grants = new LinkedHashMap<>();
    /** Those in use only. */
    final TreeMap<String, Lock> locks = new TreeMap<>();
    /** Oldest first. */
    final LinkedHashMap<Long, EndedSession> endedSessions = new LinkedHashMap<>();
    /** Oldest first. */
    final LinkedHashMap<String, EndedView> endedGrants = new LinkedHashMap<>();

    private long digest;

    State(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules of the level in force. */
    Rules rules() {
        return rules;
    }

    /** The level is that of another configuration, which may be higher. */
    void raise(int level) {
        rules = rules.raised(level);
    }

    long digest() {
        return digest + Digest.ofLastToken(lastToken) + (rules.areStated() ? Digest.ofLevel(rules.level()) : 0);
    }

    void open(Session session) {
        sessions.put(session.id, session);
        if (session.key != null) {
            keys.put(session.key, session.id);
        }
        digest += Digest.of(session);
    }

    /** The session has no grants any more. */
    void end(Session session, Cause cause, @Nullable String note) {
        sessions.remove(session.id);
        digest -= Digest.of(session);
        remember(new EndedSession(session.key, new EndedView(session.id, 0, cause, revision, note)));
    }

    /** Connections of another process keep the session alive from now on; that of the present one is over. */
    void attach(Session session, String id) {
        digest -= Digest.of(session);
        if (!session.attachId.isEmpty()) {
            List<String> former = new ArrayList<>(session.superseded);
            former.add(session.attachId);
            int surplus = Math.max(0, former.size() - Limits.SUPERSEDED_MAX);
            session.superseded = List.copyOf(former.subList(surplus, former.size()));
        }
        session.attachId = id;
        digest += Digest.of(session);
    }

    /** The semaphore has so many permits until nobody uses it any more. */
    void limit(Lock lock, int limit) {
        forgetLimit(lock);
        lock.set = limit;
        limits++;
        digest += Digest.ofLimit(lock.name, limit);
    }

    private void forgetLimit(Lock lock) {
        if (lock.hasSetLimit()) {
            digest -= Digest.ofLimit(lock.name, lock.set);
            lock.set = 0;
            limits--;
        }
    }

    /** Makes an empty lock if there is none. */
    Lock lockToAsk(Claim claim) {
        Lock lock = locks.get(claim.lock());
        return lock == null ? new Lock(claim.lock(), claim.limit()) : lock;
    }

    /** The grant comes to the table, and is to hold its locks, or to get in line for them, at once. */
    void add(Grant grant) {
        grant.session.link(grant);
        grants.put(grant.id, grant);
        for (int i = 0; i < grant.size(); i++) {
            locks.put(grant.place(i).lock.name, grant.place(i).lock);
        }
        places += grant.size();
    }

    /** The grant gets in line for all its locks. */
    void enqueue(Grant grant) {
        for (int i = 0; i < grant.size(); i++) {
            grant.place(i).lock.enqueue(grant.place(i));
        }
        grant.session.waiting++;
        waiting++;
        digest += Digest.of(grant);
    }

    /** A ticket whose places are all open gets its locks. */
    void handOver(Grant grant, long token, long atMillis) {
        digest -= Digest.of(grant);
        dequeue(grant);
        hold(grant, token, atMillis);
    }

    /** All its locks admit the grant, and it is in no line: it holds them from now on. */
    void hold(Grant grant, long token, long atMillis) {
        grant.token = token;
        grant.grantedAtMillis = atMillis;
        for (int i = 0; i < grant.size(); i++) {
            grant.place(i).lock.hold(grant.place(i));
        }
        grant.session.held++;
        held++;
        digest += Digest.of(grant);
    }

    private void dequeue(Grant grant) {
        for (int i = 0; i < grant.size(); i++) {
            grant.place(i).lock.dequeue(grant.place(i));
        }
        grant.session.waiting--;
        waiting--;
    }

    /** The holder holds all its locks in another mode, and maybe with another token, from now on. */
    void change(Grant grant, Mode mode, long token) {
        digest -= Digest.of(grant);
        for (int i = 0; i < grant.size(); i++) {
            grant.place(i).mode = mode;
            grant.place(i).changed = true;
        }
        grant.token = token;
        digest += Digest.of(grant);
    }

    /** Takes a grant out of its locks, its session and the table, and remembers why. */
    void end(Grant grant, Cause cause, @Nullable String note) {
        digest -= Digest.of(grant);
        if (grant.held()) {
            for (int i = 0; i < grant.size(); i++) {
                grant.place(i).lock.leave(grant.place(i));
            }
            grant.session.held--;
            held--;
        } else {
            dequeue(grant);
        }
        places -= grant.size();
        grant.session.unlink(grant);
        grants.remove(grant.id);
        remember(grant.id, new EndedView(grant.session.id, grant.token, cause, revision, note));
    }

    void tell(Grant grant, Notice notice) {
        digest -= Digest.of(grant);
        grant.notice = notice;
        digest += Digest.of(grant);
    }

    /** The lock, which may be in use by nobody else, is given to nobody for a while. */
    void close(Lock lock, Closed closed) {
        locks.put(lock.name, lock);
        open(lock);
        lock.closePlaces();
        lock.closed = closed;
        delays++;
        digest += Digest.of(lock, closed);
    }

    /** Ends the lock's delay if it has one. */
    void open(Lock lock) {
        Closed closed = lock.closed;
        if (closed != null) {
            digest -= Digest.of(lock, closed);
            lock.closed = null;
            delays--;
        }
    }

    /** Forgets a lock that nobody uses any more; without effect for others. */
    void tidy(Lock lock) {
        if (lock.idle()) {
            forgetLimit(lock);
            locks.remove(lock.name);
        }
    }

    void remember(String grant, EndedView ended) {
        endedGrants.put(grant, ended);
        digest += Digest.ofEndedGrant(grant, ended);
        if (endedGrants.size() > rules.quotas().endedGrants()) {
            Map.Entry<String, EndedView> oldest =
                    endedGrants.entrySet().iterator().next();
            digest -= Digest.ofEndedGrant(oldest.getKey(), oldest.getValue());
            endedGrants.remove(oldest.getKey());
        }
    }

    void remember(EndedSession session) {
        endedSessions.put(session.view().session(), session);
        digest += Digest.ofEndedSession(session.key(), session.view());
        if (endedSessions.size() > rules.quotas().endedSessions()) {
            EndedSession oldest = endedSessions.values().iterator().next();
            digest -= Digest.ofEndedSession(oldest.key(), oldest.view());
            endedSessions.remove(oldest.view().session());
            if (oldest.key() != null) {
                keys.remove(oldest.key());
            }
        }
    }

    /** What is remembered of a session. */
    record EndedSession(@Nullable String key, EndedView view) {}
}

package io.holdfast.lock;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The maps of the table, kept in step with each other and with the digest. It does what it is told: the rules are in
 * {@link Transaction}.
 */
final class State {

    final Quotas quotas;

    long revision;
    long lastToken;
    int held;
    int waiting;

    final TreeMap<Long, Session> sessions = new TreeMap<>();
    /** Session keys, of open sessions and of remembered ones, to ids. */
    final LinkedHashMap<String, Long> keys = new LinkedHashMap<>();
    /** In the order of tickets, since every ticket is newer than those before. */
    final LinkedHashMap<String, Grant> grants = new LinkedHashMap<>();
    /** Held locks only. */
    final TreeMap<String, Lock> locks = new TreeMap<>();
    /** Oldest first. */
    final LinkedHashMap<Long, EndedSession> endedSessions = new LinkedHashMap<>();
    /** Oldest first. */
    final LinkedHashMap<String, EndedView> endedGrants = new LinkedHashMap<>();

    private long digest;

    State(Quotas quotas) {
        this.quotas = quotas;
    }

    long digest() {
        return digest + Digest.ofLastToken(lastToken);
    }

    void open(Session session) {
        sessions.put(session.id, session);
        if (session.key != null) {
            keys.put(session.key, session.id);
        }
        digest += Digest.of(session);
    }

    /** The session has no grants any more. */
    void end(Session session, Cause cause) {
        sessions.remove(session.id);
        digest -= Digest.of(session);
        remember(new EndedSession(session.key, new EndedView(session.id, 0, cause, revision)));
    }

    /** Makes an empty lock if there is none. */
    Lock lockToAsk(String name) {
        Lock lock = locks.get(name);
        return lock == null ? new Lock(name) : lock;
    }

    /** The lock is free: the grant holds it from now on, and has come to the table with it. */
    void addHolder(Grant grant, long token, long atMillis) {
        grant.session.link(grant);
        grants.put(grant.id, grant);
        locks.put(grant.lock.name, grant.lock);
        hold(grant, token, atMillis);
    }

    void addWaiter(Grant grant) {
        grant.session.link(grant);
        grants.put(grant.id, grant);
        grant.lock.enqueue(grant);
        grant.session.waiting++;
        waiting++;
        digest += Digest.of(grant);
    }

    /** The first in line of a lock without a holder gets it. */
    void handOver(Grant grant, long token, long atMillis) {
        digest -= Digest.of(grant);
        dequeue(grant);
        hold(grant, token, atMillis);
    }

    private void hold(Grant grant, long token, long atMillis) {
        grant.token = token;
        grant.grantedAtMillis = atMillis;
        grant.lock.holder = grant;
        grant.session.held++;
        held++;
        digest += Digest.of(grant);
    }

    private void dequeue(Grant grant) {
        grant.lock.dequeue(grant);
        grant.session.waiting--;
        waiting--;
    }

    /** Takes a grant out of its lock, its session and the table, and remembers why. */
    void end(Grant grant, Cause cause) {
        digest -= Digest.of(grant);
        if (grant.held()) {
            grant.lock.holder = null;
            grant.session.held--;
            held--;
        } else {
            dequeue(grant);
        }
        grant.session.unlink(grant);
        grants.remove(grant.id);
        remember(grant.id, new EndedView(grant.session.id, grant.token, cause, revision));
    }

    void remember(String grant, EndedView ended) {
        endedGrants.put(grant, ended);
        digest += Digest.ofEndedGrant(grant, ended);
        if (endedGrants.size() > quotas.endedGrants()) {
            Map.Entry<String, EndedView> oldest =
                    endedGrants.entrySet().iterator().next();
            digest -= Digest.ofEndedGrant(oldest.getKey(), oldest.getValue());
            endedGrants.remove(oldest.getKey());
        }
    }

    void remember(EndedSession session) {
        endedSessions.put(session.view().session(), session);
        digest += Digest.ofEndedSession(session.key(), session.view());
        if (endedSessions.size() > quotas.endedSessions()) {
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

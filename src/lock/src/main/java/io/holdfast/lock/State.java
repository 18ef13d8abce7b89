package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclCodec;
import java.util.LinkedHashMap;
import java.util.List;
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
    /** Those that ended and still have something, by id. */
    final TreeMap<Long, Session> ending = new TreeMap<>();
    /** Session keys, of open sessions and of remembered ones, to ids. */
    final LinkedHashMap<String, Long> keys = new LinkedHashMap<>();
    /** In the order of tickets, since every ticket is newer than those before. */
    final LinkedHashMap<String, Grant> grants = new LinkedHashMap<>();
    /** Those in use only. */
    final TreeMap<String, Lock> locks = new TreeMap<>();
    /** Those of them that have a line. */
    final TreeMap<String, Lock> contended = new TreeMap<>();
    /** What each owner of sessions has. */
    final Principals principals = new Principals();
    /** What ended. */
    final Memory memory = new Memory(this);

    /** Locks of the grants of sessions that ended. */
    private int endingPlaces;

    private Acl acl = Acl.NONE;

    /** Of the rules and keys. */
    private long aclDigest;

    private long digest;

    /** What all that lives takes, as {@link Weights} counts it. */
    private long bytes;

    /** What the bytes are bounded by; 0 while the bound of the rules applies. */
    private long bytesLimit;

    State(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules of the level in force. */
    Rules rules() {
        return rules;
    }

    /** A command came in at a server whose wall clock says so: what ends from now on ends then. */
    void tick(long atMillis) {
        if (rules.areStated()) {
            memory.tick(atMillis);
        }
    }

    /** The level is that of another configuration, which may be higher. */
    void raise(int level) {
        rules = rules.raised(level);
    }

    long digest() {
        long sum = digest + aclDigest + memory.digest() + Digest.ofLastToken(lastToken);
        return rules.areStated()
                ? sum + Digest.ofLevel(rules.level()) + Digest.ofBytesLimit(bytesLimit) + Digest.ofClock(memory.clock())
                : sum;
    }

    /** Returns what the table takes; see {@link Weights}. */
    long bytes() {
        return bytes + memory.bytes();
    }

    /** Returns what the table may take. */
    long bytesLimit() {
        return bytesLimit == 0 ? rules.quotas().bytes() : bytesLimit;
    }

    /** Returns what {@link #limitBytes} was called with last, 0 when it never was. */
    long bytesLimitSet() {
        return bytesLimit;
    }

    /** Sets what the table may take from now on; 0 for the bound of the rules. */
    void limitBytes(long limit) {
        bytesLimit = limit;
    }

    /** Returns the rules and access keys in force. */
    Acl acl() {
        return acl;
    }

    /** These rules and keys are in force from now on. */
    void rule(Acl next) {
        acl = next;
        aclDigest = next.equals(Acl.NONE) ? 0 : Digest.of(AclCodec.encode(next));
    }

    void open(Session session) {
        sessions.put(session.id, session);
        session.use = principals.join(session.owner);
        if (session.key != null) {
            keys.put(session.key, session.id);
        }
        digest += Digest.of(session);
        bytes += session.weight + session.weightOfAttachIds();
    }

    /** The session ended, and what it still has is to be taken away by transactions that follow. */
    void beginEnding(Session session, Cause cause, @Nullable String note) {
        digest -= Digest.of(session);
        session.ending = cause;
        session.endingNote = note;
        digest += Digest.of(session);
        ending.put(session.id, session);
        endingPlaces += session.places;
    }

    /** Returns how many locks of grants are to be taken from sessions that ended. */
    int endingPlaces() {
        return endingPlaces;
    }

    /** The session has no grants any more. */
    void end(Session session, Cause cause, @Nullable String note) {
        sessions.remove(session.id);
        ending.remove(session.id);
        principals.leave(session);
        digest -= Digest.of(session);
        bytes -= session.weight + session.weightOfAttachIds();
        memory.release(session);
        memory.remember(
                new EndedSession(session.key, new EndedView(session.id, 0, cause, revision, note, session.owner)));
    }

    /** Connections of another process keep the session alive from now on; that of the present one is over. */
    void attach(Session session, String id, List<String> superseded) {
        digest -= Digest.of(session);
        bytes -= session.weightOfAttachIds();
        session.superseded = superseded;
        session.attachId = id;
        digest += Digest.of(session);
        bytes += session.weightOfAttachIds();
    }

    /** The semaphore has so many permits until it is unused. */
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
        principals.count(grant.session, 1);
        for (int i = 0; i < grant.size(); i++) {
            locks.put(grant.place(i).lock.name, grant.place(i).lock);
        }
        places += grant.size();
        grant.session.places += grant.size();
        endingPlaces += grant.session.ending == null ? 0 : grant.size();
        bytes += grant.weight + Weights.of(grant.notice);
        grant.session.noticed += noticed(grant.notice);
    }

    private static int noticed(Notice notice) {
        return notice.equals(Notice.NONE) ? 0 : 1;
    }

    /** The grant gets in line for all its locks. */
    void enqueue(Grant grant) {
        for (int i = 0; i < grant.size(); i++) {
            grant.place(i).lock.enqueue(grant.place(i));
            contended.put(grant.place(i).lock.name, grant.place(i).lock);
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
            if (grant.place(i).lock.queue == null) {
                contended.remove(grant.place(i).lock.name);
            }
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
        grant.session.places -= grant.size();
        endingPlaces -= grant.session.ending == null ? 0 : grant.size();
        bytes -= grant.weight + Weights.of(grant.notice);
        grant.session.noticed -= noticed(grant.notice);
        grant.session.unlink(grant);
        grants.remove(grant.id);
        principals.count(grant.session, -1);
        Session session = grant.session;
        remember(grant.id, new EndedView(session.id, grant.token, cause, revision, note, session.owner));
    }

    /** The holder is not asked to yield any more. */
    void endYield(Grant grant) {
        Breaking breaking = grant.notice.breaking();
        tell(grant, breaking == null ? Notice.NONE : new Notice(null, breaking));
    }

    void tell(Grant grant, Notice notice) {
        digest -= Digest.of(grant);
        bytes += Weights.of(notice) - Weights.of(grant.notice);
        grant.session.noticed += noticed(notice) - noticed(grant.notice);
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
        bytes += Weights.ofClosed(lock.name);
        digest += Digest.of(lock, closed);
    }

    /** Ends the lock's delay if it has one. */
    void open(Lock lock) {
        Closed closed = lock.closed;
        if (closed != null) {
            digest -= Digest.of(lock, closed);
            lock.closed = null;
            delays--;
            bytes -= Weights.ofClosed(lock.name);
        }
    }

    /** Forgets a lock that nobody uses any more; without effect for others. */
    void tidy(Lock lock) {
        if (lock.idle()) {
            forgetLimit(lock);
            locks.remove(lock.name);
        }
    }

    /** Remembers a grant that ended, or that never was. */
    void remember(String grant, EndedView ended) {
        memory.remember(grant, ended);
    }

    /** Returns the use of each quota that is one of the whole table. */
    List<QuotaUse> quotaUses() {
        Quotas quotas = rules.quotas();
        return List.of(
                new QuotaUse(Quota.SESSIONS, sessions.size(), quotas.sessions()),
                new QuotaUse(Quota.GRANTS, places + delays, quotas.grants()),
                new QuotaUse(Quota.BYTES, bytes(), bytesLimit()),
                new QuotaUse(Quota.TOKENS, lastToken + waiting, quotas.lastToken()));
    }

    /** Returns what is remembered of a session that ended, also of one that still has something; null for none. */
    @Nullable
    EndedView endedSession(long id) {
        Session session = ending.get(id);
        if (session != null && session.ending != null) {
            return session.ended(0, session.ending, revision);
        }
        EndedSession ended = memory.sessions.get(id);
        return ended == null ? null : ended.view();
    }

    /** Returns what is remembered of a grant that ended; null for none. */
    @Nullable
    EndedView endedGrant(String id) {
        return memory.grant(id);
    }

    /** What is remembered of a session. */
    record EndedSession(@Nullable String key, EndedView view) {}
}

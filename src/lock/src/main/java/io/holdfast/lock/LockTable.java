package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.NameSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The only door of the replicated state: sessions, locks, queues and tokens after the transactions applied so far.
 *
 * <p>Two tables that applied the same transactions are equal in everything that can be seen of them, on any JVM. Used
 * on one thread. What it answers are immutable copies.
 */
public final class LockTable {

    /** Locks that are looked at to find one that a caller may read: a keepalive asks for a thousand sessions. */
    private static final int LOOKS_MAX = 128;

    private final State state;

    /** Creates an empty table of the newest level. */
    public LockTable() {
        this(Rules.NEWEST_LEVEL);
    }

    /**
     * Creates an empty table of a level.
     *
     * @throws IllegalArgumentException when this release does not know it
     */
    public LockTable(int level) {
        this(Rules.at(level));
    }

    /** Creates an empty table of the newest level with other quotas; every replica must use the same. */
    public LockTable(Quotas quotas) {
        this(Rules.at(Rules.NEWEST_LEVEL).with(quotas));
    }

    /** Creates an empty table; every replica must begin with the same rules. */
    LockTable(Rules rules) {
        this(new State(rules));
    }

    private LockTable(State state) {
        this.state = state;
    }

    /**
     * Applies one committed transaction.
     *
     * <p>Grants to waiters that follow from it are among its changes, after the release that made them possible.
     *
     * @param revision packed id of the transaction, above {@link #revision}
     * @throws IllegalArgumentException when the revision is not above the last one: the host broke the order
     */
    public Applied apply(long revision, Command command) {
        String refusal = state.rules().refusal(command);
        if (refusal != null) {
            return passOver(revision, refusal);
        }
        advance(revision);
        state.tick(command.atMillis());
        Transaction transaction = new Transaction(state, command.atMillis());
        Result result =
                isUnjudged(command) ? new Result.RulesReplaced(state.acl().revision()) : command.dispatch(transaction);
        return new Applied(revision, command.atMillis(), result, transaction.changes());
    }

    /** Returns whether no rule was asked that has to be: of a server that does not know yet that rules are enforced. */
    private boolean isUnjudged(Command command) {
        return state.acl().isEnforced() && Judged.isGoverned(command);
    }

    /** Returns the rules and access keys in force; immutable. */
    public Acl acl() {
        return state.acl();
    }

    /**
     * Takes all rules and access keys away, but for whether rules are enforced: a copy is to go on with administrators
     * by its settings alone. Only before a table is replicated.
     */
    public void resetAcl() {
        state.rule(state.acl().reset(state.revision));
    }

    /**
     * Notes that a transaction was committed that is no command, or none of this level: nothing is done.
     *
     * @param why the same on every replica
     * @throws IllegalArgumentException when the revision is not above the last one
     */
    public Applied passOver(long revision, String why) {
        advance(revision);
        return new Applied(revision, 0, new Result.Malformed(why), List.of());
    }

    /**
     * Notes that a configuration was committed: its level is in force from now on, unless the table's is higher.
     *
     * @throws IllegalArgumentException for a level that only a newer release knows
     */
    public void reconfigured(int level) {
        state.raise(level);
    }

    /**
     * Returns how many locks of grants are still to be taken from sessions that ended, by
     * {@link Command.ContinueEndings}.
     */
    public int endingPlaces() {
        return state.endingPlaces();
    }

    /** Returns how many bytes of a heap the table takes, as it estimates them itself. */
    public long bytes() {
        return state.bytes();
    }

    /** Returns how many bytes it may take; what would pass that is refused. */
    public long bytesLimit() {
        return state.bytesLimit();
    }

    /** Returns the use of each quota that is one of the whole table. */
    public List<QuotaUse> quotaUses() {
        return state.quotaUses();
    }

    /**
     * Returns when the oldest grant ended that is still remembered although nothing but its age speaks for it, in
     * milliseconds since 1970 by the wall clocks of the servers that commands came in at; empty for none.
     */
    public OptionalLong oldestEndedMillis() {
        return state.memory.oldestMillis();
    }

    /** Returns the rules of the level in force. */
    public Rules rules() {
        return state.rules();
    }

    /**
     * Notes that a transaction was committed that is not for this table.
     *
     * @throws IllegalArgumentException when the revision is not above the last one
     */
    public void advance(long revision) {
        if (revision <= state.revision) {
            throw new IllegalArgumentException("transaction " + Revision.text(revision) + " comes after "
                    + Revision.text(state.revision) + ", which is not before it");
        }
        state.revision = revision;
    }

    /** Returns whether it never had a session, a grant or a rule. */
    public boolean isUntouched() {
        return state.lastToken == 0
                && state.sessions.isEmpty()
                && state.grants.isEmpty()
                && state.memory.sessions.isEmpty()
                && state.acl().equals(Acl.NONE);
    }

    /** Returns the last transaction applied, 0 when there was none. */
    public long revision() {
        return state.revision;
    }

    /** Returns the highest fencing token ever given, 0 when there was none. */
    public long lastToken() {
        return state.lastToken;
    }

    /**
     * Never gives a token up to {@code token} from now on: a table that goes on from a copy does not know what the
     * original gave meanwhile. Only before a table is replicated, since no transaction says it.
     *
     * @throws IllegalArgumentException when that would leave no tokens
     */
    public void giveTokensAbove(long token) {
        if (token >= state.rules().quotas().lastToken()) {
            throw new IllegalArgumentException("tokens above " + token + " are wanted, and the last one is "
                    + state.rules().quotas().lastToken());
        }
        state.lastToken = Math.max(state.lastToken, token);
    }

    /** Returns the open session. */
    public @Nullable SessionView session(long id) {
        Session session = state.sessions.get(id);
        return session == null || session.ending != null ? null : session.view();
    }

    /** Returns the id of the process whose connections keep an open session alive; empty while none said one. */
    public String attachId(long session) {
        Session open = state.sessions.get(session);
        return open == null ? "" : open.attachId;
    }

    /** Returns the principal of an open session, empty for one of a level below 3; null for one that is not open. */
    public @Nullable String ownerOf(Long session) {
        Session open = state.sessions.get(session);
        return open == null || open.ending != null ? null : open.owner;
    }

    /** Returns what a principal has. */
    public PrincipalView principal(String name) {
        return state.principals.view(name);
    }

    /** Returns whether what principals have is counted as a recount counts it; for checks, O(n) for n grants. */
    public boolean principalsAreCounted() {
        return state.principals.areThoseOf(state.sessions.values());
    }

    /** Returns what is remembered of a session that ended. */
    public @Nullable EndedView endedSession(long id) {
        return state.endedSession(id);
    }

    /**
     * Returns what a session holds and waits for, in the order of the tickets above {@code afterTicket} (0 = from the
     * start). O(n) for n grants of the session.
     */
    public List<GrantView> grantsOf(long session, long afterTicket, int limit) {
        Session open = state.sessions.get(session);
        return open == null ? List.of() : open.grants(afterTicket, limit);
    }

    /** Returns whether one of the first grants of a session has such locks only; looks at about 128 locks at most. */
    public boolean hasGrantOf(long session, Predicate<String> locks) {
        Session open = state.sessions.get(session);
        return open != null && open.hasGrantOf(locks, LOOKS_MAX);
    }

    /**
     * Returns what a session holds and is told something about, the first so many. O(n) for n grants of the session,
     * and nothing when none is.
     */
    public List<GrantView> noticedOf(long session, int limit) {
        Session open = state.sessions.get(session);
        return open == null ? List.of() : open.noticed(limit);
    }

    /**
     * Returns the grant with its position as it is now, in O(log n) for n waiters; null also for one whose session has
     * ended and which is only still to be taken out, since no client may rely on it.
     */
    public @Nullable GrantView grant(String id) {
        Grant grant = state.grants.get(id);
        return grant == null || grant.session.ending != null ? null : grant.view();
    }

    /**
     * Says why a grant does not hold its locks yet, with the first of those it stands behind in each line; null when it
     * is not in line. Looks at a bounded number of places, and says when that was not enough.
     */
    public @Nullable WhyView why(String id) {
        Grant grant = state.grants.get(id);
        return grant == null || grant.held() ? null : Why.of(grant);
    }

    /** Looks for the cycle that a ticket in line is part of, as its acquire does, with another bound. */
    Deadlocks.Search search(String id, int steps) {
        return Deadlocks.of(Objects.requireNonNull(state.grants.get(id)), steps);
    }

    /** Returns what is remembered of a grant that ended. */
    public @Nullable EndedView endedGrant(String id) {
        Grant grant = state.grants.get(id);
        Cause ending = grant == null ? null : grant.session.ending;
        if (grant == null || ending == null) {
            return state.endedGrant(id);
        }
        return grant.session.ended(grant.token, Ledger.ofGrants(ending), state.revision);
    }

    /**
     * Returns a lock with its first holders ({@link Limits#HOLDERS_SHOWN}) and the first {@code waiters} in line; a
     * name that nobody uses is free. O(k log n) for k of n waiters.
     */
    public LockView lock(String name, int waiters) {
        Lock lock = state.locks.get(name);
        return lock == null ? LockView.free(name) : lock.view(Limits.HOLDERS_SHOWN, waiters);
    }

    /**
     * Returns all grants of a lock as they are now: its holders by token, then those in line. O(n log n) for n of them.
     */
    public List<GrantView> grantsAt(String name) {
        Lock lock = state.locks.get(name);
        return lock == null ? List.of() : lock.grants();
    }

    /**
     * Lists locks in use, in the order of names after {@code after} (null = from the start), each with its first
     * holders ({@link Limits#HOLDERS_LISTED}), and with no waiters but their count. O(limit).
     */
    public List<LockView> locks(String prefix, boolean contendedOnly, @Nullable String after, int limit) {
        return locks(NameSet.beginningWith(prefix), contendedOnly, after, limit);
    }

    /** As {@link #locks(String, boolean, String, int)}, of a set of names. O(limit + p log n) for its p parts. */
    public List<LockView> locks(NameSet names, boolean contendedOnly, @Nullable String after, int limit) {
        List<LockView> views = new ArrayList<>();
        TreeMap<String, Lock> all = contendedOnly ? state.contended : state.locks;
        Iterator<Lock> walk = new LockWalk(all, names, after == null ? "" : after, after == null);
        while (views.size() < limit && walk.hasNext()) {
            views.add(walk.next().view(Limits.HOLDERS_LISTED, 0));
        }
        return views;
    }

    /**
     * Lists grants by the locks they are at: in the order of names, and at each lock of tickets. O(limit + h log limit)
     * for the h holders of the locks that it looks at.
     *
     * @param names of the locks
     * @param after where a page before ended, null for the first page
     * @param limit how many locks are looked at and grants listed at most, 1 at least
     */
    public Presence.Page presences(NameSet names, Presence.@Nullable Mark after, int limit) {
        return Presences.page(state, names, after, limit);
    }

    /**
     * Lists open sessions in the order of ids above {@code afterId} (0 = from the start), of names that begin so. O(n)
     * for n sessions when few names do.
     */
    public List<SessionView> sessions(String namePrefix, long afterId, int limit) {
        List<SessionView> views = new ArrayList<>();
        for (Session session : state.sessions.tailMap(afterId, false).values()) {
            if (views.size() >= limit) {
                break;
            }
            if (session.ending == null && session.name.startsWith(namePrefix)) {
                views.add(session.view());
            }
        }
        return views;
    }

    /**
     * Lists open sessions as {@link #sessions} does, and stops after {@link Limits#LOOKS_PER_PAGE} that were looked at:
     * a page may be short, and even empty, though it is not the last one.
     *
     * @param owner principal whose sessions are listed, with those that belong to every caller; empty for all. Where
     *     such a page ends reveals nothing about the sessions of others
     */
    public SessionPage pageOfSessions(String namePrefix, String owner, long afterId, int limit) {
        return SessionPage.of(state.sessions.tailMap(afterId, false).values(), namePrefix, owner, limit);
    }

    /**
     * Returns a lock as a refused try is told of it: with a few holders, and of those in line only how many they are.
     */
    public LockView lockInTheWay(String name) {
        Lock lock = state.locks.get(name);
        return lock == null ? LockView.free(name) : lock.view(Limits.HOLDERS_LISTED, 0);
    }

    /** Returns whether the lock has a holder or a waiting ticket, or is closed. */
    public boolean isInUse(String name) {
        return state.locks.containsKey(name);
    }

    /** Calls back for every open session in the order of ids: what a new lease clock starts from. */
    public void forEachSession(SessionVisitor visitor) {
        for (Map.Entry<Long, Session> entry : state.sessions.entrySet()) {
            if (entry.getValue().ending == null) {
                visitor.session(entry.getKey(), entry.getValue().ttlMillis);
            }
        }
    }

    /** Calls back for every ticket in line in the order of numbers: what a new lease clock starts from. */
    public void forEachWaiter(WaiterVisitor visitor) {
        for (Grant grant : state.grants.values()) {
            if (!grant.held()) {
                visitor.waiter(new Ticket(grant.id, grant.ticket), grant.waitMillis, grant.size());
            }
        }
    }

    /** Calls back for every lock that is closed for a while, in the order of names. */
    public void forEachDelay(DelayVisitor visitor) {
        for (Lock lock : state.delays == 0 ? List.<Lock>of() : state.locks.values()) {
            Closed closed = lock.closed;
            if (closed != null) {
                visitor.delay(new LockDelay(lock.name, closed.number()), closed.millis());
            }
        }
    }

    /** Calls back for every holder that is asked to yield or warned of a break, in the order of tickets. */
    public void forEachNotice(NoticeVisitor visitor) {
        for (Grant grant : state.grants.values()) {
            if (!grant.notice.equals(Notice.NONE)) {
                visitor.notice(new Ticket(grant.id, grant.ticket), grant.notice.yield(), grant.notice.breaking());
            }
        }
    }

    /** Says whether the token holds the lock now. O(n) for n holders. */
    public TokenCheck check(String lock, long token) {
        Lock known = state.locks.get(lock);
        if (known == null || known.last == null) {
            return new TokenCheck(false, 0);
        }
        boolean valid = false;
        for (Place place = known.first; place != null && !valid; place = place.next) {
            valid = place.grant.token == token;
        }
        return new TokenCheck(valid, known.last.grant.token);
    }

    public int sessionCount() {
        return state.sessions.size();
    }

    public int heldCount() {
        return state.held;
    }

    public int waiterCount() {
        return state.waiting;
    }

    /**
     * Returns a digest of the state, without its revision: equal on replicas that applied the same transactions. O(1).
     */
    public long digest() {
        return state.digest();
    }

    /**
     * Writes the state, the memory of what ended included; equal states at equal revisions give equal bytes on any JVM.
     * The stream is neither buffered here nor closed.
     */
    public void write(OutputStream out) throws IOException {
        TableSnapshot.write(state, out);
    }

    /**
     * Reads what {@link #write} wrote, and nothing after it. The stream is neither buffered here nor closed.
     *
     * @throws SnapshotFormatException when the bytes are damaged, cut off or of an unknown version
     */
    public static LockTable read(InputStream in) throws IOException {
        return read(in, null);
    }

    /** As {@link #read(InputStream)}, for a table with other quotas; null for those of its level. */
    public static LockTable read(InputStream in, @Nullable Quotas quotas) throws IOException {
        return new LockTable(TableSnapshot.read(in, quotas));
    }

    /** See {@link #forEachSession}. */
    @FunctionalInterface
    public interface SessionVisitor {
        void session(long id, long ttlMillis);
    }

    /** See {@link #forEachWaiter}. */
    @FunctionalInterface
    public interface WaiterVisitor {
        void waiter(Ticket ticket, long waitMillis, int places);
    }

    /** See {@link #forEachDelay}. */
    @FunctionalInterface
    public interface DelayVisitor {
        void delay(LockDelay delay, long millis);
    }

    /** See {@link #forEachNotice}. */
    @FunctionalInterface
    public interface NoticeVisitor {
        void notice(Ticket holder, @Nullable Yield yield, @Nullable Breaking breaking);
    }
}

package io.holdfast.lock;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only door of the replicated state. Will be a final class with these methods, the constructors {@code LockTable()}
 * and {@code LockTable(Quotas)}, and a static {@code LockTable read(InputStream)}.
 *
 * <p>Used on one thread.
 */
public interface LockTable {

    /**
     * Applies one committed transaction.
     *
     * @param revision packed id of the transaction, above {@link #revision}
     * @throws IllegalArgumentException when the revision is not above the last one: the host broke the order
     */
    Applied apply(long revision, Command command);

    /** Notes that a transaction was committed that is not for this table. */
    void advance(long revision);

    /** Returns the last transaction applied, 0 when there was none. */
    long revision();

    /** Returns the highest fencing token ever given, 0 when there was none. */
    long lastToken();

    /** Returns the open session. */
    @Nullable
    SessionView session(long id);

    /** Returns what is remembered of a session that ended. */
    @Nullable
    EndedView endedSession(long id);

    /** Returns what a session holds and waits for, in the order of the tickets above {@code afterTicket}. */
    List<GrantView> grantsOf(long session, long afterTicket, int limit);

    /** Returns the grant with its position as it is now, in O(log n) for n waiters. */
    @Nullable
    GrantView grant(String id);

    /** Returns what is remembered of a grant that ended. */
    @Nullable
    EndedView endedGrant(String id);

    /** Returns a lock with the first {@code waiters} in line; a name that nobody uses is free. */
    LockView lock(String name, int waiters);

    /** Lists locks that are held, in the order of names after {@code after}, each with no waiters but their count. */
    List<LockView> locks(String prefix, boolean contendedOnly, @Nullable String after, int limit);

    /** Lists open sessions in the order of ids above {@code afterId} (0 = from the start), of names that begin so. */
    List<SessionView> sessions(String namePrefix, long afterId, int limit);

    /** Calls back for every open session in the order of ids: what a new lease clock starts from. */
    void forEachSession(SessionVisitor visitor);

    /** Calls back for every ticket in line in the order of numbers: what a new lease clock starts from. */
    void forEachWaiter(WaiterVisitor visitor);

    /** Says whether the token holds the lock now. */
    TokenCheck check(String lock, long token);

    int sessionCount();

    int heldCount();

    int waiterCount();

    /** Returns a digest of the state: equal on replicas that applied the same transactions. O(1). */
    long digest();

    /** Writes the state; equal states give equal bytes on any JVM. */
    void write(OutputStream out) throws IOException;

    /** See {@link #forEachSession}. */
    @FunctionalInterface
    interface SessionVisitor {
        void session(long id, long ttlMillis);
    }

    /** See {@link #forEachWaiter}. */
    @FunctionalInterface
    interface WaiterVisitor {
        void waiter(Ticket ticket, long waitMillis);
    }
}

package io.holdfast.spring.integration;

import io.holdfast.api.LockNames;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.ExpirableLockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;

/**
 * Locks of an ensemble for Spring Integration. A lock is kept for as long as its process lives and reaches the
 * ensemble, with nothing to renew; a process that dies frees its locks after the ttl of the client.
 *
 * <ul>
 *   <li>A time to live, of {@link DistributedLock#lock(Duration)}, {@link DistributedLock#tryLock(Duration, Duration)}
 *       and {@link #renewLock(Object, Duration)}, is a cap on that: the lock is released then, however well its holder
 *       does. Without one there is no cap.
 *   <li>{@link DistributedLock#tryLock()} of a thread that has the lock is false once its work must end: a fifth of the
 *       ttl (or of the cap, 2 s at most) before the lock is lost. So a leader initiator revokes before another process
 *       can be granted the lock, when its heartbeat is shorter than that.
 *   <li>{@code unlock()} of a lock that was lost gives up the hold and throws a
 *       {@link java.util.ConcurrentModificationException}. It works on an interrupted thread.
 *   <li>What the ensemble refuses, and that no node could be asked, is a
 *       {@link org.springframework.dao.CannotAcquireLockException} with the client's exception as its cause: after 5 s
 *       without a node for a try, after 30 s for {@code lock()}.
 * </ul>
 *
 * <p>Keys are strings. A lock is named as its key after the prefix; characters that a lock cannot have are escaped as
 * {@link LockNames#escape} does. What {@link #obtain} returns for the same key is equal, and nothing is kept of it by
 * this registry, so there is no capacity to choose, and no lock that is held is ever evicted. Any thread, virtual ones
 * too.
 */
public final class HoldfastLockRegistry
        implements ExpirableLockRegistry<DistributedLock>, RenewableLockRegistry<DistributedLock> {

    private final HoldfastClient client;
    private final String prefix;

    /** One whose locks are named as their keys are; the client stays the application's to close. */
    public HoldfastLockRegistry(HoldfastClient client) {
        this(client, "");
    }

    /**
     * One whose locks are named as their keys are, after a prefix.
     *
     * @param prefix such as {@code orders/}
     * @throws IllegalArgumentException when no lock can be named so
     */
    public HoldfastLockRegistry(HoldfastClient client, String prefix) {
        String problem = LockNames.problem(prefix + "key");
        if (problem != null) {
            throw new IllegalArgumentException("the prefix '" + prefix + "': " + problem);
        }
        this.client = client;
        this.prefix = prefix;
    }

    /**
     * Returns the lock of a key.
     *
     * @throws IllegalArgumentException when the key is no string, or no lock can be named so: more than 512 characters,
     *     or a slash at its start or end or beside another
     */
    @Override
    public DistributedLock obtain(Object lockKey) {
        return lock(lockKey);
    }

    private RegistryLock lock(Object lockKey) {
        if (!(lockKey instanceof String key)) {
            throw new IllegalArgumentException(
                    "a key is a string, so that equal ones are one lock in all processes, not: " + lockKey);
        }
        return new RegistryLock(this, key, client.lock(prefix + LockNames.escape(key)));
    }

    /**
     * Sees that this thread still has the lock, and begins its cap anew when it has one.
     *
     * @throws IllegalMonitorStateException when this thread does not have it
     * @throws IllegalStateException when its work must end already
     */
    @Override
    public void renewLock(Object lockKey) {
        lock(lockKey).renew(null);
    }

    /** The same, with a cap of {@code ttl} from now on. */
    @Override
    public void renewLock(Object lockKey, Duration ttl) {
        lock(lockKey).renew(ttl);
    }

    /** Does nothing: there is nothing of a lock that is not held. */
    @Override
    public void expireUnusedOlderThan(long age) {}

    @Override
    public String toString() {
        return "HoldfastLockRegistry{prefix='" + prefix + "'}";
    }
}

package io.holdfast.shedlock;

import io.holdfast.api.LockNames;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;

/** Locks of an ensemble for the jobs of ShedLock. Any thread. */
public final class HoldfastLockProvider implements LockProvider {

    private final HoldfastClient client;

    /** A provider whose locks are named as the jobs are; the client stays the caller's to close. */
    public HoldfastLockProvider(HoldfastClient client) {
        this.client = client;
    }

    /**
     * Tries once to take the lock.
     *
     * @return empty when another job holds it
     * @throws LockException when the ensemble refused or could not be asked
     */
    @Override
    public Optional<SimpleLock> lock(LockConfiguration configuration) {
        String name = LockNames.escape(configuration.getName());
        try {
            return client.tryAcquire(LockRequest.exclusive(name), Duration.ZERO)
                    .map(lease -> new HeldLock(configuration, lease));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockException("interrupted while the lock " + name + " was asked for", e);
        } catch (HoldfastException e) {
            throw new LockException("the lock " + name + " could not be asked for", e);
        }
    }

    private static final class HeldLock extends AbstractSimpleLock {
        private final Lease lease;

        HeldLock(LockConfiguration configuration, Lease lease) {
            super(configuration);
            this.lease = lease;
        }

        @Override
        protected void doUnlock() {
            lease.close();
        }
    }
}

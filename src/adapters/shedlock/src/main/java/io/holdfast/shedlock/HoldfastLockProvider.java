package io.holdfast.shedlock;

import io.holdfast.api.LockNames;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;

/**
 * Locks of an ensemble for the jobs of ShedLock. Each lock is a {@link Lease}, kept for as long as its process lives
 * and reaches the ensemble.
 *
 * <ul>
 *   <li>{@code lockAtMostFor} is a cap on that, however well the job does: the lock is released then. A process that
 *       dies frees its locks after the ttl of the client, so the cap may be as long as a job can take at all.
 *   <li>{@code lockAtLeastFor}, 24 h at most, is kept by the ensemble from the unlock on, whatever becomes of this
 *       process. One that dies before the unlock frees the lock after the ttl.
 *   <li>The thread that took the lock is interrupted once when the lease cannot be kept, or a fifth of
 *       {@code lockAtMostFor} (2 s at most) before that is over; never after the unlock. The unlock clears a flag that
 *       only this set.
 * </ul>
 *
 * <p>A lock has the name of its job, after the prefix; characters that a lock cannot have are escaped as
 * {@link LockNames#escape} does. Any thread, virtual ones too.
 */
public final class HoldfastLockProvider implements ExtensibleLockProvider {

    private static final Duration AT_LEAST_MAX = Duration.ofHours(24);

    private final HoldfastClient client;
    private final String prefix;
    private final boolean interrupts;

    /** One whose locks are named as the jobs are; the client stays the application's to close. */
    public HoldfastLockProvider(HoldfastClient client) {
        this(builder(client));
    }

    private HoldfastLockProvider(Builder builder) {
        this.client = builder.client;
        this.prefix = builder.prefix;
        this.interrupts = builder.interrupts;
    }

    /** Begins one. */
    public static Builder builder(HoldfastClient client) {
        return new Builder(client);
    }

    /** How a provider is to be. Used by one thread. */
    public static final class Builder {
        private final HoldfastClient client;
        private String prefix = "";
        private boolean interrupts = true;

        private Builder(HoldfastClient client) {
            this.client = client;
        }

        /**
         * What the names of the locks begin with, such as {@code jobs/}; nothing unless given.
         *
         * @throws IllegalArgumentException when no lock can be named so
         */
        public Builder prefix(String text) {
            String problem = LockNames.problem(text + "job");
            if (problem != null) {
                throw new IllegalArgumentException("the prefix '" + text + "': " + problem);
            }
            prefix = text;
            return this;
        }

        /**
         * Whether the thread that took a lock is interrupted when its job must end; it is unless given. Without that
         * {@link HoldfastLockProvider#currentLease()} tells, and a job asks before each effect.
         */
        public Builder interrupts(boolean whether) {
            interrupts = whether;
            return this;
        }

        /** Makes the provider. */
        public HoldfastLockProvider build() {
            return new HoldfastLockProvider(this);
        }
    }

    /**
     * Tries once to take the lock; returns within 5 s when no node answers.
     *
     * @return empty when another job holds it, or held it less than {@code lockAtLeastFor} ago
     * @throws LockException when the ensemble refused it or could not be asked, or this thread is interrupted (it stays
     *     so): that says nothing about the lock, so it is not told as if another job held it
     * @throws IllegalArgumentException when no lock can be named so, or {@code lockAtLeastFor} is longer than 24 h
     */
    @Override
    public Optional<SimpleLock> lock(LockConfiguration configuration) {
        requireKept(configuration);
        LockRequest what = LockRequest.exclusive(prefix + LockNames.escape(configuration.getName()));
        Optional<Lease> granted = take(what, configuration.getName());
        if (granted.isEmpty()) {
            return Optional.empty();
        }
        Holding holding = new Holding(configuration.getName(), granted.get(), interrupts);
        if (!holding.endAfter(configuration.getLockAtMostFor())) {
            holding.release(Duration.ZERO);
            return Optional.empty();
        }
        return Optional.of(new HeldLock(holding, configuration.getLockAtLeastFor()));
    }

    private Optional<Lease> take(LockRequest what, String job) {
        try {
            return client.tryAcquire(what, Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockException("interrupted while the lock for " + job + " was asked for", e);
        } catch (HoldfastException e) {
            throw new LockException("the lock for " + job + " could not be asked for: " + e.getMessage(), e);
        } catch (CancellationException e) {
            throw new LockException("the client was closed while the lock for " + job + " was asked for", e);
        }
    }

    /**
     * The lease of the lock that this thread took last, of any provider, and has not given back: for
     * {@link Lease#token()} and {@link Lease#check()} in a job. Empty when it has none.
     */
    public static Optional<Lease> currentLease() {
        return Holding.current().map(Holding::lease);
    }

    static void requireKept(LockConfiguration configuration) {
        if (configuration.getLockAtLeastFor().compareTo(AT_LEAST_MAX) > 0) {
            throw new IllegalArgumentException("lockAtLeastFor is 24 h at most: " + configuration);
        }
    }
}

package io.holdfast.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps late writes out of resources that one process writes: an action runs alone at its resource, and only if no
 * higher fencing token was seen there. The same token again is the same holder.
 *
 * <p>The comparison and the action are one step: while an action runs, others at its resource wait, in order of
 * arrival. A higher token counts from its arrival: the lower ones that wait are refused at once.
 *
 * <p>Memory is bounded. The fence remembers the highest token of a number of resources and forgets the one with the
 * lowest first; what it forgets raises {@linkplain #floor() a floor} below which every resource that it does not
 * remember refuses. So a good token may be refused, which a new grant cures, and a stale one is never admitted. A new
 * fence knows nothing: after a restart, {@linkplain #raiseFloor raise the floor} before the first write.
 *
 * <p>Safe for use by many threads. Waiting blocks the calling thread, which must not be an event loop.
 */
public final class Fence {

    /** How many may wait for one resource at a time. */
    public static final int WAITING = 1_000;

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final int capacity;
    private final long waitNanos;
    /** Guards all that follows; seen by tests, which decide what comes first. */
    final ReentrantLock mutex = new ReentrantLock();

    private final Map<String, Resource> known = new HashMap<>();
    /** Known resources that nothing holds or waits for, those with the lowest tokens first. */
    private final TreeSet<Resource> idle = new TreeSet<>(
            Comparator.<Resource>comparingLong(resource -> resource.highest).thenComparing(resource -> resource.name));

    private long floor;

    /**
     * Creates a fence where a call waits for its resource for up to ten seconds.
     *
     * @param resources how many resources are remembered, at least 1; each takes about 200 bytes and its name
     */
    public Fence(int resources) {
        this(resources, WAIT);
    }

    /**
     * Creates a fence.
     *
     * @param resources how many resources are remembered, at least 1; each takes about 200 bytes and its name
     * @param wait how long a call waits for its resource at most; zero never waits
     */
    public Fence(int resources, Duration wait) {
        if (resources < 1) {
            throw new IllegalArgumentException("a fence remembers at least 1 resource, not " + resources);
        }
        if (wait.isNegative()) {
            throw new IllegalArgumentException("a wait is not negative: " + wait);
        }
        this.capacity = resources;
        this.waitNanos = TimeUnit.NANOSECONDS.convert(wait);
    }

    /**
     * Runs an action while it has the resource.
     *
     * @param resource name of what the action writes
     * @param token fencing token of the grant that the action works under
     * @throws StaleTokenException if a higher token was seen; the action did not run
     * @throws ResourceBusyException if the resource did not become free in time; the action did not run
     * @throws InterruptedException if the thread was interrupted while it waited; the action did not run
     * @throws IllegalStateException if this thread runs an action of the same resource already
     * @throws IllegalArgumentException if the name or the token is not one, see {@link Tokens#check}
     * @throws X what the action throws; the token counts as seen all the same
     */
    public <X extends Exception> void run(String resource, long token, Action<X> action)
            throws X, InterruptedException {
        var hold = enter(resource, token, Thread.currentThread());
        try {
            action.run();
        } finally {
            hold.close();
        }
    }

    /**
     * Runs a task while it has the resource, and returns its result. It is like {@link #run} in everything else.
     *
     * @param resource name of what the task writes
     * @param token fencing token of the grant that the task works under
     * @throws InterruptedException if the thread was interrupted while it waited; the task did not run
     * @throws X what the task throws; the token counts as seen all the same
     */
    public <T, X extends Exception> T call(String resource, long token, Task<T, X> task)
            throws X, InterruptedException {
        var hold = enter(resource, token, Thread.currentThread());
        try {
            return task.call();
        } finally {
            hold.close();
        }
    }

    /**
     * Holds the resource until the result is closed: for work that begins and ends on different threads. Everything
     * else is as in {@link #run}, except that a thread that waits for its own hold is not noticed.
     *
     * @param resource name of what is written
     * @param token fencing token of the grant that the work is done under
     * @throws InterruptedException if the thread was interrupted while it waited; nothing is held
     */
    public Hold enter(String resource, long token) throws InterruptedException {
        return enter(resource, token, null);
    }

    /**
     * Has resources that are not remembered refuse tokens below this one. A process that begins takes a grant of any
     * lock and raises the floor to its token: every token that an earlier process of its kind may have admitted is
     * lower.
     *
     * @param token lowest token that is admitted where nothing is remembered; a lower floor than the present one
     *     changes nothing
     */
    public void raiseFloor(long token) {
        if (token < 0 || token > Tokens.MAX) {
            throw new IllegalArgumentException("a floor is between 0 and " + Tokens.MAX + ", not " + token);
        }
        mutex.lock();
        try {
            floor = Math.max(floor, token);
        } finally {
            mutex.unlock();
        }
    }

    /** Returns the token below which resources that are not remembered refuse, 0 at first. */
    public long floor() {
        mutex.lock();
        try {
            return floor;
        } finally {
            mutex.unlock();
        }
    }

    /** Returns the lowest token that the resource admits now: the highest seen, or the floor. */
    public long lowest(String resource) {
        mutex.lock();
        try {
            var found = known.get(resource);
            return found == null ? floor : found.highest;
        } finally {
            mutex.unlock();
        }
    }

    /** Returns how many resources are remembered now. */
    public int size() {
        mutex.lock();
        try {
            return known.size();
        } finally {
            mutex.unlock();
        }
    }

    private Hold enter(String name, long token, @Nullable Thread owner) throws InterruptedException {
        Tokens.check(name, token);
        mutex.lock();
        try {
            var resource = known.get(name);
            if (resource == null) {
                if (token < floor) {
                    throw new StaleTokenException(
                            name, token, "nothing below " + floor + " is admitted where the last token is forgotten");
                }
                resource = remember(name);
            } else if (token < resource.highest) {
                throw stale(resource, token);
            }
            if (resource.holder == null) {
                idle.remove(resource);
                resource.highest = token;
                resource.holder = new Hold(resource, owner);
                return resource.holder;
            }
            return await(resource, token, owner);
        } finally {
            mutex.unlock();
        }
    }

    private Resource remember(String name) {
        if (known.size() == capacity) {
            var lowest = idle.pollFirst();
            if (lowest == null) {
                throw new ResourceBusyException(
                        "no room for " + name + ": all " + capacity + " resources that fit are being written");
            }
            known.remove(lowest.name);
            floor = Math.max(floor, lowest.highest);
        }
        var resource = new Resource(name);
        known.put(name, resource);
        return resource;
    }

    private Hold await(Resource resource, long token, @Nullable Thread owner) throws InterruptedException {
        if (owner != null && resource.holder != null && resource.holder.owner == owner) {
            throw new IllegalStateException("this thread holds " + resource.name + " and would wait for itself");
        }
        if (resource.waiting.size() == WAITING) {
            throw new ResourceBusyException(WAITING + " calls wait for " + resource.name + " already");
        }
        if (token > resource.highest) {
            resource.highest = token;
            resource.waiting.forEach(lower -> lower.changed.signal());
            resource.waiting.clear();
        }
        var waiter = new Waiter(token, owner, mutex.newCondition());
        resource.waiting.add(waiter);
        long left = waitNanos;
        try {
            while (waiter.hold == null) {
                if (waiter.token < resource.highest) {
                    throw stale(resource, token);
                }
                if (left <= 0) {
                    throw new ResourceBusyException(resource.name + " did not become free in time");
                }
                left = waiter.changed.awaitNanos(left);
            }
            return waiter.hold;
        } catch (InterruptedException interrupted) {
            if (waiter.hold != null) {
                leave(waiter.hold);
            }
            throw interrupted;
        } finally {
            resource.waiting.remove(waiter);
        }
    }

    private void leave(Hold hold) {
        mutex.lock();
        try {
            var resource = hold.resource;
            if (resource.holder != hold) {
                return;
            }
            var next = resource.waiting.poll();
            if (next == null) {
                resource.holder = null;
                idle.add(resource);
            } else {
                resource.holder = next.hold = new Hold(resource, next.owner);
                next.changed.signal();
            }
        } finally {
            mutex.unlock();
        }
    }

    private static StaleTokenException stale(Resource resource, long token) {
        return new StaleTokenException(resource.name, token, "token " + resource.highest + " was seen");
    }

    /**
     * What runs while it has a resource.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        /** Writes the resource. */
        void run() throws X;
    }

    /**
     * What runs while it has a resource, and has a result.
     *
     * @param <T> type of the result
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Task<T, X extends Exception> {
        /** Writes the resource and returns the result. */
        T call() throws X;
    }

    /** A resource that is held. Whatever closes it, on any thread, lets the next call have the resource. */
    public final class Hold implements AutoCloseable {
        private final Resource resource;
        private final @Nullable Thread owner;

        private Hold(Resource resource, @Nullable Thread owner) {
            this.resource = resource;
            this.owner = owner;
        }

        /** Frees the resource. Closing again does nothing. */
        @Override
        public void close() {
            leave(this);
        }
    }

    private static final class Resource {
        final String name;
        long highest;

        @Nullable
        Hold holder;
        /** In order of arrival; all of them have the highest token. */
        final ArrayDeque<Waiter> waiting = new ArrayDeque<>(0);

        Resource(String name) {
            this.name = name;
        }
    }

    private static final class Waiter {
        final long token;
        final @Nullable Thread owner;
        final Condition changed;

        @Nullable
        Hold hold;

        Waiter(long token, @Nullable Thread owner, Condition changed) {
            this.token = token;
            this.owner = owner;
            this.changed = changed;
        }
    }
}

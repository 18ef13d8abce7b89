package io.holdfast.lock.lease;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Limits;
import io.holdfast.lock.LockDelay;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Ticket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The leader's lease clock: the deadlines of sessions, waits, delays and notices, in buckets of one tick
 * (protocol.md#leases).
 *
 * <p>A deadline is the receipt plus the duration lengthened by the drift bound, rounded up to the next tick: never
 * early, and late by one tick at most. It decides nothing: what is due becomes a transaction, and ends when that
 * commits. Only the leader in broadcast uses it, on one thread. {@code now} is a monotonic clock in nanoseconds; should
 * it go back, the lease clock stops until it has caught up.
 */
public final class Deadlines {

    /** Width of a bucket: 100 ms. */
    public static final long TICK_NANOS = 100_000_000;

    /** How many thousandths two clocks may differ: the rho of protocol.md#t3 and protocol.md#t4. */
    public static final int DRIFT_PER_MILLE = 1;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long tickNanos;
    private final int driftPerMille;
    private final Map<Long, Lease> sessions = new LinkedHashMap<>();
    /** By ticket number. */
    private final Map<Long, Lease> waits = new LinkedHashMap<>();
    /** By lock name. */
    private final Map<String, Lease> delays = new LinkedHashMap<>();
    /** By the holder's ticket number. */
    private final Map<Long, Lease> yields = new LinkedHashMap<>();
    /** By the holder's ticket number. */
    private final Map<Long, Lease> breaks = new LinkedHashMap<>();

    private final TreeMap<Long, Bucket> buckets = new TreeMap<>();

    /** The lease clock is the host's clock without its pauses. */
    private long pausedNanos;

    /** Latest value of the lease clock; it never goes back. */
    private long clock = Long.MIN_VALUE;

    /** Creates a clock with {@link #TICK_NANOS} and {@link #DRIFT_PER_MILLE}. */
    public Deadlines() {
        this(TICK_NANOS, DRIFT_PER_MILLE);
    }

    /**
     * Creates a clock.
     *
     * @param tickNanos width of a bucket, 1 ms to 10 s
     * @param driftPerMille 0 to 100
     */
    public Deadlines(long tickNanos, int driftPerMille) {
        if (tickNanos < NANOS_PER_MILLI || tickNanos > 10_000 * NANOS_PER_MILLI) {
            throw new IllegalArgumentException("a tick is 1 ms to 10 s, this one is " + tickNanos + " ns");
        }
        if (driftPerMille < 0 || driftPerMille > 100) {
            throw new IllegalArgumentException("a drift bound is 0 to 100 per mille, this one is " + driftPerMille);
        }
        this.tickNanos = tickNanos;
        this.driftPerMille = driftPerMille;
    }

    /**
     * A new leader begins to broadcast: every session gets a full ttl, and everything else its full time too
     * (protocol.md#t5).
     */
    public void reset(long now, LockTable table) {
        sessions.clear();
        waits.clear();
        delays.clear();
        yields.clear();
        breaks.clear();
        buckets.clear();
        advance(now);
        table.forEachSession(this::opened);
        table.forEachWaiter((ticket, millis, places) -> waits(ticket, millis).places = places);
        table.forEachDelay((delay, millis) -> delayed(delay.lock(), delay.number(), millis));
        table.forEachNotice((holder, yield, breaking) -> {
            if (yield != null) {
                asked(holder, yield.number(), yield.drainMillis());
            }
            if (breaking != null) {
                warned(holder, breaking.number(), breaking.afterMillis());
            }
        });
    }

    /** Follows what a transaction changed; called for each one that the leader applies after {@link #reset}. */
    public void applied(long now, Applied applied) {
        advance(now);
        for (Change change : applied.changes()) {
            String lock = change.lock();
            String grant = change.grant();
            if (lock == null) {
                ofSession(change);
            } else if (grant != null) {
                ofGrant(change, lock, new Ticket(grant, change.ticket()), applied.revision());
            } else if (change.kind() == Change.Kind.DELAY_ENDED) {
                forget(delays.remove(lock));
            }
        }
    }

    private void ofSession(Change change) {
        if (change.kind() == Change.Kind.SESSION_OPENED) {
            opened(change.session(), change.millis());
        } else if (change.kind() == Change.Kind.SESSION_ENDED) {
            forget(sessions.remove(change.session()));
        }
    }

    private void ofGrant(Change change, String lock, Ticket grant, long revision) {
        switch (change.kind()) {
            case WAITING -> waits(grant, change.millis(), revision);
            case GRANTED, CANCELLED -> forget(waits.remove(grant.number()));
            case DELAYED -> delayed(lock, revision, change.millis());
            case YIELD_REQUESTED -> asked(grant, revision, change.millis());
            case YIELD_LAPSED -> forget(yields.remove(grant.number()));
            case BREAK_ANNOUNCED -> warned(grant, revision, change.millis());
            case RELEASED, EXPIRED, BROKEN, TRANSFERRED -> {
                forget(yields.remove(grant.number()));
                forget(breaks.remove(grant.number()));
            }
            case UPGRADED, DOWNGRADED, DELAY_ENDED, LIMIT_CHANGED, SESSION_OPENED, SESSION_ATTACHED, SESSION_ENDED -> {
                // Nothing of it ends by the clock.
            }
        }
    }

    /** The client of a session was heard: its deadline is a full ttl from now, unless its expiry is on its way. */
    public Touch touch(long now, long session) {
        advance(now);
        Lease lease = sessions.get(session);
        if (lease == null) {
            return Touch.UNKNOWN;
        }
        if (lease.closing) {
            return Touch.CLOSING;
        }
        unfile(lease);
        file(lease, clock + lease.nanos);
        return Touch.EXTENDED;
    }

    /**
     * Takes out what is due, oldest first; to be called again while the answer is not empty. What it answers is closing
     * from now on, and answered once: see {@link #again}.
     */
    public Due due(long now) {
        advance(now);
        long ticks = Math.floorDiv(clock, tickNanos);
        Gathered gathered = new Gathered();
        while (!buckets.isEmpty() && buckets.firstKey() <= ticks) {
            Lease lease = buckets.firstEntry().getValue().first;
            if (lease == null) {
                throw new IllegalStateException("a bucket without a deadline was kept");
            }
            if (!gathered.add(lease)) {
                break;
            }
            unfile(lease);
            lease.closing = true;
        }
        return gathered.due();
    }

    /** What is due, by its kind. */
    private static final class Gathered {

        /** Few are due together, and each may be for as many locks as a grant has at most. */
        private static final int BREAKS = Limits.EXPIRY_ITEMS / Limits.LOCKS_PER_GRANT;

        private final List<Long> sessions = new ArrayList<>();
        private final List<Ticket> waits = new ArrayList<>();
        private final List<LockDelay> delays = new ArrayList<>();
        private final List<Ticket> yields = new ArrayList<>();
        private final List<Ticket> breaks = new ArrayList<>();

        /** Locks of the tickets whose waits are over. */
        private int places;

        /** Answers false when there is no room for one more of its kind. */
        boolean add(Lease lease) {
            return switch (lease.kind) {
                case SESSION -> add(sessions, lease.number);
                case DELAY -> add(delays, new LockDelay(lease.name, lease.number));
                case WAIT -> addWait(lease);
                case YIELD -> add(yields, new Ticket(lease.name, lease.number));
                case BREAK -> breaks.size() < BREAKS && add(breaks, new Ticket(lease.name, lease.number));
            };
        }

        private boolean addWait(Lease lease) {
            places += lease.places;
            return (waits.isEmpty() || places <= Limits.EXPIRY_ITEMS)
                    && add(waits, new Ticket(lease.name, lease.number));
        }

        private static <T> boolean add(List<T> items, T item) {
            return items.size() < Limits.EXPIRY_ITEMS && items.add(item);
        }

        Due due() {
            return new Due(sessions, waits, delays, yields, breaks);
        }
    }

    /**
     * What was due could not be proposed, for lack of room: it is due again at the next tick, unless a keepalive comes
     * before. It is not closing meanwhile: a keepalive would be confirmed, since no proposal is there to be seen
     * (protocol.md#t8).
     */
    public void again(long now, Due due) {
        advance(now);
        due.sessions().forEach(id -> again(sessions.get(id)));
        due.waits().forEach(ticket -> again(waits.get(ticket.number())));
        due.delays().forEach(delay -> again(delays.get(delay.lock())));
        again(yields, due.yields());
        again(breaks, due.breaks());
    }

    /** These are kept by the holder's ticket, and told by the number of the notice; few are due together. */
    private void again(Map<Long, Lease> notices, List<Ticket> due) {
        for (Ticket ticket : due) {
            for (Lease lease : notices.values()) {
                if (lease.number == ticket.number() && lease.name.equals(ticket.grant())) {
                    again(lease);
                }
            }
        }
    }

    private void again(@Nullable Lease lease) {
        if (lease != null && lease.closing && lease.bucket == null) {
            lease.closing = false;
            file(lease, clock);
        }
    }

    /**
     * This server stood still for so long that it may have missed keepalives: every deadline moves by the pause
     * (protocol.md#t7).
     */
    public void extend(long pauseNanos) {
        if (pauseNanos < 0) {
            throw new IllegalArgumentException("a pause is not negative, this one is " + pauseNanos + " ns");
        }
        pausedNanos += pauseNanos;
    }

    /**
     * Returns when {@link #due} is wanted next, on the clock of {@code now}; {@link Long#MAX_VALUE} when nothing has a
     * deadline.
     */
    public long nextDue() {
        return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey() * tickNanos + pausedNanos;
    }

    /**
     * Returns what is left of the ttl of a session, 0 when it is due or closing and -1 when it is not open. For people:
     * that it is due a little later, for clocks differ, is promised to nobody.
     */
    public long leftMillis(long now, long session) {
        advance(now);
        Lease lease = sessions.get(session);
        if (lease == null) {
            return -1;
        }
        long left = lease.bucket == null ? 0 : lease.bucket.tick * tickNanos - clock;
        long ttl = lease.nanos / (1000 + driftPerMille) * 1000;
        return Math.max(0, Math.min(left, ttl)) / NANOS_PER_MILLI;
    }

    /** Returns how many sessions it watches over. */
    public int sessionCount() {
        return sessions.size();
    }

    /** Returns how many waits it watches over. */
    public int waitCount() {
        return waits.size();
    }

    private void advance(long now) {
        clock = Math.max(clock, now - pausedNanos);
    }

    private void opened(long session, long ttlMillis) {
        begin(sessions, session, new Lease(Deadline.SESSION, "", session, lengthened(ttlMillis)));
    }

    /** A ticket gets in line at one more of its locks: there is a change for each. */
    private void waits(Ticket ticket, long waitMillis, long revision) {
        Lease known = waits.get(ticket.number());
        if (known != null && ticket.number() == revision) {
            known.places++;
        } else {
            waits(ticket, waitMillis);
        }
    }

    private Lease waits(Ticket ticket, long waitMillis) {
        Lease lease = new Lease(Deadline.WAIT, ticket.grant(), ticket.number(), lengthened(waitMillis));
        begin(waits, ticket.number(), lease);
        return lease;
    }

    private void delayed(String lock, long number, long millis) {
        begin(delays, lock, new Lease(Deadline.DELAY, lock, number, lengthened(millis)));
    }

    private void asked(Ticket holder, long number, long millis) {
        begin(yields, holder.number(), new Lease(Deadline.YIELD, holder.grant(), number, lengthened(millis)));
    }

    private void warned(Ticket holder, long number, long millis) {
        begin(breaks, holder.number(), new Lease(Deadline.BREAK, holder.grant(), number, lengthened(millis)));
    }

    private <K> void begin(Map<K, Lease> leases, K key, Lease lease) {
        forget(leases.put(key, lease));
        file(lease, clock + lease.nanos);
    }

    /** protocol.md#t4: as long as the slowest clock within the drift bound takes for it. */
    private long lengthened(long millis) {
        long perMille = millis * NANOS_PER_MILLI / 1000;
        return millis * NANOS_PER_MILLI + perMille * driftPerMille;
    }

    /** Puts a lease into the first bucket that is due after the deadline. */
    private void file(Lease lease, long deadline) {
        long tick = bucketOf(deadline, tickNanos);
        if (tick <= Math.floorDiv(clock, tickNanos)) {
            throw new IllegalStateException("a deadline would fall into a bucket that is drained (X08)");
        }
        buckets.computeIfAbsent(tick, Bucket::new).add(lease);
    }

    /** protocol.md#x06: rounded up, so a bucket is never due before any deadline in it. */
    static long bucketOf(long deadline, long tickNanos) {
        return Math.floorDiv(deadline, tickNanos) + 1;
    }

    private void unfile(Lease lease) {
        Bucket bucket = lease.bucket;
        if (bucket != null) {
            bucket.remove(lease);
            if (bucket.first == null) {
                buckets.remove(bucket.tick);
            }
        }
    }

    private void forget(@Nullable Lease lease) {
        if (lease != null) {
            unfile(lease);
        }
    }
}

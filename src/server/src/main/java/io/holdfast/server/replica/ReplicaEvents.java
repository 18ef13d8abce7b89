package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Rules;
import io.holdfast.lock.acl.Acl;
import io.holdfast.server.history.History;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.NodeListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What follows from each event of this node: held requests are woken, the lease clock is told. All on the node's
 * context, except where a method says otherwise.
 */
final class ReplicaEvents implements NodeListener<LockStateMachine> {

    private final LeaseClock leases;
    private final Timeouts timeouts;
    private final Holds<String> grantHolds;
    private final Holds<String> lockHolds;
    private final Holds<Long> revisionHolds;
    private final History history;
    private final Guard guard = new Guard();
    private final SessionWatchers sessionWatchers = new SessionWatchers(guard);
    private final List<Runnable> onAppended = new CopyOnWriteArrayList<>();
    private final List<Runnable> onOutside = new CopyOnWriteArrayList<>();
    private LockTimes times = new LockTimes(LockMetrics.NONE);
    private LockMetrics metrics = LockMetrics.NONE;
    private long tickNanos = Long.MAX_VALUE;
    private final LongSupplier nanos;
    private final Consumer<Throwable> onFailure;

    /** Replaced with a snapshot, so nobody keeps it over a loop turn. */
    private LockTable table = new LockTable();

    /** Replaced with a snapshot, as the table; null until the node has a state. */
    private @Nullable LockStateMachine stateMachine;

    /** The epoch that this node leads in broadcast; 0 when it does not. */
    private long leadingEpoch;

    /** Read by any thread. */
    private volatile Beat beat = new Beat(Long.MIN_VALUE, 0, 0, 0, 0);

    /** Level of the table's rules, read by any thread. */
    private volatile int level = Rules.FIRST_LEVEL;

    /** The table's rules, read by any thread. */
    private volatile Acl acl = Acl.NONE;

    /** Whether nothing was ever done with the table, read by any thread. */
    private volatile boolean untouched = true;

    /** As of the last tick, read by any thread; unknown before the first. */
    private volatile TableUse tableUse = TableUse.UNKNOWN;

    private volatile boolean synced;
    private volatile boolean everSynced;
    private final AtomicLong elections = new AtomicLong();

    /** Nothing happens any more, so nobody waits for it. */
    private boolean failed;

    private boolean leaving;

    /** This node knows that it is no member of its ensemble. */
    private boolean outside;

    /**
     * What the node's loop showed at its last tick.
     *
     * @param atNanos when that was
     */
    record Beat(long atNanos, int sessions, int held, int waiting, int polls) {}

    ReplicaEvents(
            LeaseClock leases,
            History history,
            Timeouts timeouts,
            int holdsMax,
            LongSupplier nanos,
            Consumer<Throwable> onFailure) {
        this.leases = leases;
        this.history = history;
        this.timeouts = timeouts;
        this.grantHolds = new Holds<>(holdsMax, timeouts);
        this.lockHolds = new Holds<>(holdsMax, timeouts);
        this.revisionHolds = new Holds<>(holdsMax, timeouts);
        this.nanos = nanos;
        this.onFailure = onFailure;
    }

    /** Sets the meters; called before the node starts. */
    void measureBy(LockTimes lockTimes, long everyNanos, LockMetrics lockMetrics) {
        times = lockTimes;
        tickNanos = everyNanos;
        metrics = lockMetrics;
    }

    LockTable table() {
        return table;
    }

    /** Returns the level of the rules that the table is at; any thread. It never falls while this node runs. */
    int level() {
        return level;
    }

    /** Returns the rules that the table has; any thread. */
    Acl acl() {
        return acl;
    }

    /** Returns whether nothing was ever done with the table; any thread. */
    boolean isUntouched() {
        return untouched;
    }

    private void learnRules() {
        acl = table.acl();
        untouched = untouched && table.isUntouched();
    }

    /** Returns how full the table is, as of the last tick; any thread. */
    TableUse tableUse() {
        return tableUse;
    }

    LeaseClock leases() {
        return leases;
    }

    /** Returns the epoch that this node leads in broadcast; 0 when it does not. */
    long leadingEpoch() {
        return leadingEpoch;
    }

    /** Returns the revision up to which everything was published; 0 when nothing ever was. */
    long published() {
        return stateMachine == null ? 0 : stateMachine.published();
    }

    /** What was committed lately. */
    History history() {
        return history;
    }

    /** Has {@code appended} run whenever history has grown; any thread may ask for it. */
    void onAppended(Runnable appended) {
        onAppended.add(appended);
    }

    /** Requests held until something happens to a grant. */
    Holds<String> grantHolds() {
        return grantHolds;
    }

    /** Who hears of which session. */
    SessionWatchers sessionWatchers() {
        return sessionWatchers;
    }

    /** Requests held until something happens to a lock. */
    Holds<String> lockHolds() {
        return lockHolds;
    }

    /** Requests held until a revision is applied. */
    Holds<Long> revisionHolds() {
        return revisionHolds;
    }

    /** Has {@code counted} run whenever something fails that follows from a transaction. */
    void onIncident(Runnable counted) {
        guard.onIncident(counted);
    }

    /** Returns how often something failed that follows from a transaction; any thread. */
    long incidents() {
        return guard.incidents();
    }

    /** Returns what the last tick saw; any thread. */
    Beat beat() {
        return beat;
    }

    /** Returns whether this node is in step with a leader; any thread. */
    boolean isSynced() {
        return synced;
    }

    /** Returns whether this node was in step with a leader since it started; any thread. */
    boolean wasSynced() {
        return everSynced;
    }

    /** Returns whether a request may be held: something will happen yet, and this node stays to tell of it. */
    boolean mayHold() {
        return !failed && !leaving && !outside;
    }

    /** Has {@code outside} run whenever this node learns that it is no member any more; any thread may ask for it. */
    void onOutside(Runnable outside) {
        onOutside.add(outside);
    }

    /** Notes whether this node is no member: nothing happens here then, so whoever is held asks again at a member. */
    void outside(boolean isOutside) {
        boolean left = isOutside && !outside;
        outside = isOutside;
        if (left) {
            wakeAll();
            onOutside.forEach(told -> guard.run("telling that this node is no member", told));
        }
    }

    /** This node is about to end: whoever is held asks again at another one. */
    void leave() {
        leaving = true;
        wakeAll();
    }

    private void wakeAll() {
        guard.run("waking requests for grants", grantHolds::wakeAll);
        guard.run("waking requests for locks", lockHolds::wakeAll);
        guard.run("waking reads of a revision", revisionHolds::wakeAll);
    }

    /** Returns how often this node had to look for a leader; any thread. */
    long elections() {
        return elections.get();
    }

    /** Runs what time brings; the node's timer calls it every tick, with the last transaction applied. */
    void tick(long appliedRevision) {
        long now = nanos.getAsLong();
        leases.tick();
        revisionHolds.wakeUpTo(Math.max(appliedRevision, table.revision()));
        timeouts.expire(now);
        tableUse = new TableUse(table.quotaUses(), table.oldestEndedMillis());
        times.tick(now);
        if (beat.atNanos() != Long.MIN_VALUE) {
            metrics.lag(Math.max(0, now - beat.atNanos() - tickNanos));
        }
        beat = new Beat(
                now,
                table.sessionCount(),
                table.heldCount(),
                table.waiterCount(),
                grantHolds.size() + lockHolds.size());
    }

    @Override
    public void applied(Zxid zxid, Txn txn, @Nullable Object result) {
        learnRules();
        if (result instanceof Applied applied) {
            guard.run("following leases", () -> leases.applied(applied), this::beginLeasesAnew);
            guard.run("measuring", () -> measure(applied), times::reset);
            guard.run(
                    "keeping history",
                    () -> history.append(
                            applied.revision(), applied.atMillis(), applied.changes(), owners(applied.changes())),
                    () -> history.restart(applied.revision()));
            for (Change change : applied.changes()) {
                guard.run("waking requests", () -> wake(change));
                sessionWatchers.changed(applied.revision(), change, table);
            }
            tellOfNews();
        }
        wakeUpTo(zxid);
    }

    /** Returns the principals of the sessions that changes are about; most are about locks. */
    private Map<Long, String> owners(List<Change> changes) {
        Map<Long, String> owners = Map.of();
        for (Change change : changes) {
            if (change.lock() == null) {
                String owner = table.ownerOf(change.session());
                EndedView ended = owner == null ? table.endedSession(change.session()) : null;
                String known = ended == null ? owner : ended.owner();
                if (known != null) {
                    owners = owners.isEmpty() ? new HashMap<>() : owners;
                    owners.put(change.session(), known);
                }
            }
        }
        return owners;
    }

    private void measure(Applied applied) {
        if (leadingEpoch != 0) {
            times.applied(nanos.getAsLong(), applied);
        }
    }

    /** All leases begin anew, as at a new leader: nothing ends early. */
    private void beginLeasesAnew() {
        leases.stop();
        if (leadingEpoch != 0) {
            leases.lead(leadingEpoch, table);
        }
    }

    private void tellOfNews() {
        onAppended.forEach(told -> guard.run("telling readers of news", told));
    }

    private void wakeUpTo(Zxid zxid) {
        guard.run("waking reads of a revision", () -> revisionHolds.wakeUpTo(zxid.packed()));
    }

    /** Asked for by nobody's clock: the time is that of this node, for people. */
    @Override
    public void reconfigured(Zxid zxid, Configuration configuration) {
        level = table.rules().level();
        guard.run(
                "keeping history",
                () -> history.append(zxid.packed(), System.currentTimeMillis(), ClusterViews.membersNow(configuration)),
                () -> history.restart(zxid.packed()));
        tellOfNews();
        wakeUpTo(zxid);
    }

    private void wake(Change change) {
        String grant = change.grant();
        if (grant != null && change.kind() != Change.Kind.WAITING) {
            grantHolds.wake(grant);
        }
        String lock = change.lock();
        if (lock != null) {
            lockHolds.wake(lock);
        }
    }

    @Override
    public void restored(LockStateMachine restored, Zxid zxid) {
        stateMachine = restored;
        table = restored.table();
        level = table.rules().level();
        untouched = true;
        learnRules();
        history.restart(zxid.packed());
        guard.run("waking requests for grants", grantHolds::wakeAll);
        guard.run("waking requests for locks", lockHolds::wakeAll);
        sessionWatchers.replaced();
        tellOfNews();
        wakeUpTo(zxid);
    }

    @Override
    public void touched(ServerId from, Payload note) {
        leases.touched(note);
    }

    @Override
    public void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason) {
        synced = phase == Phase.BROADCAST;
        everSynced |= synced;
        leadingEpoch = synced && role == Role.LEADING ? epoch : 0;
        times.reset();
        if (leadingEpoch != 0) {
            leases.lead(epoch, table);
        } else {
            leases.stop();
        }
        if (role == Role.LOOKING) {
            elections.incrementAndGet();
        }
    }

    @Override
    public void failed(Throwable cause) {
        failed = true;
        leadingEpoch = 0;
        synced = false;
        onFailure.accept(cause);
        leases.stop();
        wakeAll();
    }
}

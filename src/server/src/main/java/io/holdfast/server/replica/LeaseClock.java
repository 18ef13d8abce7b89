package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.lock.lease.Due;
import io.holdfast.lock.lease.Endings;
import io.holdfast.zab.core.Payload;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets leases and waits end while this node leads, in two steps: what is due is looked at again after a quorum round,
 * and only then becomes a transaction (protocol.md#leases). Used on the node's context only.
 */
final class LeaseClock {

    /** A tick that is later than this is a pause (protocol.md#t7), however often the clock ticks. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /**
     * A clock that is late at every tick, but by no more than this, belongs to a node that is busy and reads its
     * sockets all the same: were each tick a pause, nothing would ever end while that lasts.
     */
    static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Expiries proposed in one loop turn, of at most 1000 items each; the rest waits for the next tick. */
    private static final int EXPIRIES_PER_TURN = 8;

    private final Ensemble ensemble;
    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private final long tickNanos;
    private Deadlines deadlines;

    /** 0 while this node does not lead. */
    private long epoch;

    private long lastTick;

    /** Whether the time since the last tick, and the time between the two before, were too long. */
    private boolean late;

    private boolean lateBefore;

    /** How often this node stood still, so that a quorum round from before a pause confirms nothing after it. */
    private long pauses;

    private final Endings endings = new Endings();
    private boolean confirming;

    /** The table of the epoch that this node leads, whose level says how commands are written; null otherwise. */
    private @Nullable LockTable led;

    /** What a lease clock needs of the replication layer. */
    interface Ensemble {

        /** Completes on the node's context after a quorum round that began after the call. */
        Future<Void> confirmLeadership();

        /** Proposes if this node leads {@code epoch} in broadcast, and never forwards. */
        boolean propose(long epoch, Payload payload);

        /** All leases were moved, since the node stood still for so long. */
        default void paused(long nanos) {}
    }

    /**
     * Creates a clock that stands still.
     *
     * @param nanos monotonic
     * @param wallMillis what people call the time, for the record of a transaction
     */
    LeaseClock(Ensemble ensemble, LongSupplier nanos, LongSupplier wallMillis, long tickNanos) {
        this.ensemble = ensemble;
        this.nanos = nanos;
        this.wallMillis = wallMillis;
        this.tickNanos = tickNanos;
        this.deadlines = newDeadlines();
    }

    private Deadlines newDeadlines() {
        return new Deadlines(tickNanos, Deadlines.DRIFT_PER_MILLE);
    }

    /** This node leads in broadcast from now on: every lease starts again with its full ttl (protocol.md#t5). */
    void lead(long newEpoch, LockTable table) {
        epoch = newEpoch;
        lastTick = nanos.getAsLong();
        late = false;
        lateBefore = false;
        confirming = false;
        deadlines = newDeadlines();
        deadlines.reset(lastTick, table);
        endings.reset();
        led = table;
    }

    /** This node does not lead in broadcast: nothing ends by its clock. */
    void stop() {
        epoch = 0;
        confirming = false;
        deadlines = newDeadlines();
        led = null;
    }

    private boolean leads() {
        return epoch != 0;
    }

    /** Follows what a transaction changed. */
    void applied(Applied applied) {
        if (leads()) {
            deadlines.applied(observed(), applied);
            endings.applied(applied);
        }
    }

    /**
     * A keepalive note arrived; a session whose expiry is proposed stays closing, and its client learns it
     * (protocol.md#t8).
     */
    void touched(Payload note) {
        if (leads()) {
            long now = observed();
            // One that cannot be read touches nothing: the leader looked at it before it came here.
            if (TouchNote.problem(note) == null) {
                TouchNote.decode(note, session -> deadlines.touch(now, session));
            }
        }
    }

    /** Returns what a session has left in milliseconds; -1 when this node does not lead or the session is not open. */
    long leftMillis(long session) {
        return leads() ? deadlines.leftMillis(observed(), session) : -1;
    }

    /** To be called every tick. */
    void tick() {
        if (!leads()) {
            return;
        }
        continueEndings();
        long before = pauses;
        long now = observed();
        lastTick = now;
        lateBefore = late;
        late = false;
        // After a pause keepalives may wait in the sockets (protocol.md#t7): they are read before the next tick.
        if (pauses != before || confirming || deadlines.nextDue() > now) {
            return;
        }
        confirming = true;
        long asked = epoch;
        ensemble.confirmLeadership().onComplete(round -> {
            if (epoch == asked) {
                confirming = false;
                if (round.succeeded()) {
                    confirmed(before);
                }
            }
        });
    }

    /**
     * Returns the time, after moving every deadline when this node stood still: it must be seen before anything else is
     * done with the time, for the lease clock never goes back.
     */
    private long observed() {
        long now = nanos.getAsLong();
        long delay = now - lastTick - tickNanos;
        if (delay <= PAUSE_NANOS) {
            return now;
        }
        late = true;
        if (!lateBefore || delay > BUSY_NANOS) {
            deadlines.extend(delay);
            pauses++;
            lastTick = now;
            ensemble.paused(delay);
        }
        return now;
    }

    /**
     * A quorum still follows this leader, so every keepalive that a client was promised has been counted here
     * (protocol.md#t7).
     */
    private void confirmed(long pausesBefore) {
        long now = observed();
        if (pauses != pausesBefore) {
            return;
        }
        for (int i = 0; i < EXPIRIES_PER_TURN; i++) {
            Due due = deadlines.due(now);
            if (due.isEmpty() || !propose(now, due)) {
                return;
            }
        }
    }

    private boolean propose(long now, Due due) {
        boolean all = true;
        for (Due part : due.parts()) {
            if (!propose(command(part))) {
                deadlines.again(now, part);
                all = false;
            }
        }
        return all;
    }

    private Command command(Due part) {
        long at = wallMillis.getAsLong();
        if (!part.sessions().isEmpty()) {
            return new Command.ExpireSessions(part.sessions(), at);
        } else if (!part.waits().isEmpty()) {
            return new Command.ExpireWaits(part.waits(), at);
        } else if (!part.delays().isEmpty()) {
            return new Command.ExpireDelays(part.delays(), at);
        } else if (!part.yields().isEmpty()) {
            return new Command.ExpireYields(part.yields(), at);
        }
        return new Command.ExpireBreaks(part.breaks(), at);
    }

    /** What is left of sessions that ended does not wait for a round: they have ended. */
    private void continueEndings() {
        LockTable table = led;
        for (int due = table == null ? 0 : endings.due(table); due > 0; due--) {
            if (!propose(new Command.ContinueEndings(wallMillis.getAsLong()))) {
                return;
            }
            endings.proposed();
        }
    }

    private boolean propose(Command command) {
        LockTable table = led;
        if (table == null) {
            return false;
        }
        byte[] encoded = CommandCodec.encode(command, table.rules().level());
        return ensemble.propose(epoch, Payload.of(encoded));
    }
}

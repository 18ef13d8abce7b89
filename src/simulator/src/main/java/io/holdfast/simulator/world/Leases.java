package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.lock.lease.Due;
import io.holdfast.lock.lease.Endings;
import io.holdfast.zab.core.Payload;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The lease clock of a server, which does what a replica's does: what is due is looked at again after a quorum round,
 * and only then becomes a transaction (protocol.md#leases).
 */
final class Leases {

    private static final int PAUSE_TICKS = 2;
    private static final int EXPIRIES_PER_TURN = 8;

    private final ServerProcess process;
    private final long tickNanos = Deadlines.TICK_NANOS;
    private Deadlines deadlines = new Deadlines();

    /** 0 while this server does not lead. */
    private long epoch;

    private long lastTick;
    private long pauses;
    private final Endings endings = new Endings();
    private boolean confirming;

    Leases(ServerProcess process) {
        this.process = process;
    }

    void lead(long newEpoch, LockTable table) {
        epoch = newEpoch;
        lastTick = process.now();
        confirming = false;
        deadlines = new Deadlines();
        deadlines.reset(lastTick, table);
        endings.reset();
    }

    void stop() {
        epoch = 0;
        confirming = false;
        deadlines = new Deadlines();
    }

    void applied(Applied applied) {
        if (epoch != 0) {
            deadlines.applied(observed(), applied);
            endings.applied(applied);
        }
    }

    void touched(Payload note) {
        if (epoch != 0) {
            long now = observed();
            KeepAlives.sessionsOf(note).forEach(session -> deadlines.touch(now, session));
        }
    }

    void tick() {
        if (epoch == 0) {
            return;
        }
        continueEndings();
        long before = pauses;
        long now = observed();
        lastTick = now;
        // After a pause keepalives may wait in the sockets (protocol.md#t7): they are read before the next tick.
        if (pauses != before || confirming || deadlines.nextDue() > now) {
            return;
        }
        confirming = true;
        long asked = epoch;
        confirmLeadership(confirmed -> {
            if (epoch == asked) {
                confirming = false;
                if (confirmed) {
                    confirmed(before);
                }
            }
        });
    }

    /** Completes, in a turn of its own, when a quorum round that began after the call was answered. */
    private void confirmLeadership(Consumer<Boolean> then) {
        process.readLatest(new Reply() {
            @Override
            public void answered(ServerProcess at, @Nullable Applied applied) {
                process.later(0, () -> process.event(() -> then.accept(true)));
            }

            @Override
            public void failed() {
                process.later(0, () -> process.event(() -> then.accept(false)));
            }
        });
    }

    private long observed() {
        long now = process.now();
        long late = now - lastTick - tickNanos;
        if (late > PAUSE_TICKS * tickNanos) {
            deadlines.extend(late);
            pauses++;
            lastTick = now;
        }
        return now;
    }

    private void continueEndings() {
        for (int due = endings.due(process.table()); due > 0; due--) {
            if (!propose(Command.ContinueEndings::new)) {
                return;
            }
            endings.proposed();
        }
    }

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
            if (!propose(Commands.expire(part))) {
                deadlines.again(now, part);
                all = false;
            }
        }
        return all;
    }

    private boolean propose(LongFunction<Command> command) {
        return process.propose(epoch, command);
    }
}

package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.simulator.book.Line;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has a time of its own lasts that long in true time: a lock-delay, in which nobody gets the lock, a wait in line,
 * a wish to yield, the warning of a break.
 */
final class NothingEndsEarly extends Invariant {

    private static final long MILLI = 1_000_000;

    private final LongSupplier trueTime;

    /** Earliest ends in true time, by what ends and whose it is. */
    private final Map<String, Long> ends = new HashMap<>();

    private @Nullable Command command;

    NothingEndsEarly(Knowledge known, LongSupplier trueTime) {
        super("I-DELAY", known);
        this.trueTime = trueTime;
    }

    @Override
    public void begins(Txn txn, Command newCommand, Applied applied) {
        command = newCommand;
    }

    @Override
    public void change(Txn txn, Change change) {
        String whose = change.lock() + " " + change.grant();
        switch (change.kind()) {
            case DELAYED -> begins("delay " + change.lock(), change);
            case WAITING -> begins("wait " + whose, change);
            case YIELD_REQUESTED -> begins("yield " + whose, change);
            case BREAK_ANNOUNCED -> begins("break " + whose, change);
            case DELAY_ENDED -> ends(txn, "delay " + change.lock(), change);
            case YIELD_LAPSED -> ends(txn, "yield " + whose, change);
            case CANCELLED -> {
                if (change.cause() == Cause.WAIT_OVER) {
                    ends(txn, "wait " + whose, change);
                }
            }
            case BROKEN -> {
                if (command instanceof Command.ExpireBreaks) {
                    ends(txn, "break " + whose, change);
                }
            }
            case GRANTED, UPGRADED -> {
                Line line = known.book().line(String.valueOf(change.lock()));
                require(line.closed() == 0, "%s: %s while it is closed", txn.zxid(), change);
            }
            default -> {
                // Has no time of its own.
            }
        }
    }

    private void begins(String what, Change change) {
        ends.put(what, trueTime.getAsLong() + change.millis() * MILLI);
    }

    private void ends(Txn txn, String what, Change change) {
        Long due = ends.remove(what);
        require(due != null, "%s: %s ends, which never began", txn.zxid(), change);
        long early = due == null ? 0 : due - trueTime.getAsLong();
        require(early <= 0, "%s: %s comes %s ms early", txn.zxid(), change, early / MILLI);
    }
}

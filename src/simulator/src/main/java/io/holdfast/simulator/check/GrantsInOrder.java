package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.Result;
import io.holdfast.simulator.book.Entry;
import io.holdfast.simulator.book.Line;
import io.holdfast.zab.core.Txn;
import org.jspecify.annotations.Nullable;

/**
 * Nobody is granted who delays a ticket ahead, nobody waits who would delay nobody, and a try is refused only then. Who
 * is named by a hand-over may overtake: that is for {@link HandOvers}.
 */
final class GrantsInOrder extends Invariant {

    /** The ticket that comes next by a hand-over; 0 for none. */
    private long successor;

    private Command.@Nullable Acquire acquire;

    GrantsInOrder(Knowledge known) {
        super("I-FIFO", known);
    }

    @Override
    public void begins(Txn txn, Command command, Applied applied) {
        successor = 0;
        acquire = command instanceof Command.Acquire asked ? asked : null;
        if (acquire != null) {
            Entry asked = known.book().asked(acquire);
            if (applied.result() instanceof Result.LockHeld held) {
                refused(txn, asked, held.lock());
            } else if (applied.result() instanceof Result.LockDelayed delayed) {
                refused(txn, asked, delayed.lock());
            }
        }
    }

    private void refused(Txn txn, Entry asked, String lock) {
        Line line = known.book().line(lock);
        require(!line.fits(asked), "%s: %s was refused, but %s", txn.zxid(), asked, line);
    }

    @Override
    public void change(Txn txn, Change change) {
        String lock = change.lock();
        String grant = change.grant();
        if (lock == null || grant == null) {
            return;
        }
        Line line = known.book().line(lock);
        if (change.kind() == Change.Kind.WAITING) {
            boolean last = line.waiting().stream().allMatch(other -> other.ticket() < change.ticket());
            require(last, "%s: ticket %s is not behind all others: %s", txn.zxid(), change.ticket(), line);
        } else if (change.kind() == Change.Kind.TRANSFERRED) {
            Entry to = known.book().successorOf(grant);
            successor = to == null ? 0 : to.ticket();
        } else if (change.kind() == Change.Kind.GRANTED && change.ticket() != successor) {
            Entry entry = known.book().entry(grant);
            Entry granted = entry == null && acquire != null ? known.book().asked(acquire) : entry;
            require(granted != null && line.fits(granted), "%s: %s goes past the line: %s", txn.zxid(), change, line);
        }
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Entry entry : known.book().entries()) {
            boolean kept = entry.token() != 0
                    || entry.claims().keySet().stream()
                            .anyMatch(lock -> !known.book().line(lock).fits(entry));
            require(
                    kept,
                    "%s: %s waits for nobody: %s",
                    txn.zxid(),
                    entry,
                    known.book().lines());
        }
    }
}

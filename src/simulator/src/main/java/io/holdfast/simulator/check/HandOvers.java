package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.simulator.book.Book;
import io.holdfast.simulator.book.Entry;
import io.holdfast.simulator.book.Line;
import io.holdfast.zab.core.Txn;
import org.jspecify.annotations.Nullable;

/**
 * A holder that is to hand its locks over does so if the one who is to have them can have them then, and nobody else
 * gets them by that.
 */
final class HandOvers extends Invariant {

    private @Nullable Entry holder;
    private @Nullable Entry successor;

    HandOvers(Knowledge known) {
        super("I-TRANSFER", known);
    }

    @Override
    public void begins(Txn txn, Command command, Applied applied) {
        holder = null;
        successor = null;
        if (command instanceof Command.Release release) {
            begins(release.grant(), release.token());
        } else if (command instanceof Command.Transfer transfer) {
            begins(transfer.grant(), transfer.token());
        }
    }

    private void begins(String grant, long token) {
        Book book = known.book();
        Entry from = book.entry(grant);
        Entry to = book.successorOf(grant);
        if (from == null || from.token() == 0 || (token != 0 && token != from.token())) {
            return;
        }
        if (to != null && to.token() == 0 && isAlone(to) && mayFollow(to, from)) {
            holder = from;
            successor = to;
        }
    }

    /** Moved ahead, a session that waits with another ticket too could close a cycle. */
    private boolean isAlone(Entry to) {
        return known.book().entries().stream()
                .noneMatch(other -> other != to && other.token() == 0 && other.session() == to.session());
    }

    private boolean mayFollow(Entry to, Entry from) {
        boolean shares = to.claims().keySet().stream().anyMatch(lock -> from.claim(lock) != null);
        return shares
                && to.claims().keySet().stream().allMatch(lock -> {
                    Line line = known.book().line(lock);
                    return line.fits(to) || (line.holders().contains(from) && line.hasRoomFor(to, from));
                });
    }

    @Override
    public void change(Txn txn, Change change) {
        if (change.kind() == Change.Kind.TRANSFERRED) {
            Entry from = holder;
            require(
                    from != null && from.grant().equals(change.grant()),
                    "%s: %s, but nobody could follow it",
                    txn.zxid(),
                    change);
        }
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        Entry from = holder;
        Entry to = successor;
        if (from != null && to != null) {
            boolean given = to.token() > from.token() && known.book().entry(from.grant()) == null;
            require(given, "%s: %s should have handed its locks to %s", txn.zxid(), from, to);
        }
        holder = null;
        successor = null;
    }
}

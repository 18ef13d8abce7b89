package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.LockView;
import io.holdfast.simulator.book.Book;
import io.holdfast.simulator.book.Standing;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The changes of a transaction tell all that it changed: who follows them knows the state of every lock. */
final class ChangesTellAll extends Invariant {

    private @Nullable LockTable latest;

    ChangesTellAll(Knowledge known) {
        super("I-CHANGES", known);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        latest = table;
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        LockTable table = Objects.requireNonNull(latest);
        Book book = known.book();
        List<LockView> locks = table.locks("", false, null, Integer.MAX_VALUE);
        boolean sameDelays = locks.size() == book.lines().size()
                && locks.stream()
                        .allMatch(lock -> (lock.delayMillis() != 0)
                                == (book.line(lock.name()).closed() != 0));
        require(
                sameDelays && Standing.of(book).equals(Standing.of(table)),
                "%s: the changes say %s, but the state is %s with %s",
                txn.zxid(),
                book.lines(),
                locks,
                Standing.of(table));
    }
}

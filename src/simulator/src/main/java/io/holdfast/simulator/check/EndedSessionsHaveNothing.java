package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import java.util.HashSet;
import java.util.Set;

/** A session that ended holds nothing and waits for nothing, on every server, and gets nothing any more. */
final class EndedSessionsHaveNothing extends Invariant {

    private final Set<Long> ended = new HashSet<>();

    EndedSessionsHaveNothing(Knowledge known) {
        super("I-EPHEMERAL", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.WAITING) {
                require(!ended.contains(change.session()), "%s: %s for a session that ended", txn.zxid(), change);
            }
        }
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.SESSION_ENDED) {
                ended.add(change.session());
            }
        }
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.SESSION_ENDED) {
                require(
                        table.grantsOf(change.session(), 0, 1).isEmpty() && table.session(change.session()) == null,
                        "%s still has something of session %s after %s",
                        at,
                        change.session(),
                        txn.zxid());
            }
        }
    }
}

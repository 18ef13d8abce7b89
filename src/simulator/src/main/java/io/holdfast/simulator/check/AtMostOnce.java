package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Result;
import io.holdfast.zab.core.Txn;
import java.util.HashSet;
import java.util.Set;

/** A request that is sent again takes effect once: a lock is granted once for an id, a key has one session. */
final class AtMostOnce extends Invariant {

    /** Grants with their locks. */
    private final Set<String> granted = new HashSet<>();

    private final Set<String> opened = new HashSet<>();

    AtMostOnce(Knowledge known) {
        super("I-ONCE", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED) {
                require(granted.add(change.grant() + " " + change.lock()), "%s: granted again: %s", txn.zxid(), change);
            }
        }
        if (applied.result() instanceof Result.SessionOpened result && !result.again()) {
            String key = String.valueOf(result.session().key());
            require(opened.add(key), "%s: a second session for key %s", txn.zxid(), key);
        }
    }
}

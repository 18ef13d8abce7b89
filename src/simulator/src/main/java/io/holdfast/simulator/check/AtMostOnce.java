package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Result;
import io.holdfast.zab.core.Txn;
import java.util.HashSet;
import java.util.Set;

/** A request that is sent again takes effect once: one grant for an id, one session for a key. */
final class AtMostOnce extends Invariant {

    private final Set<String> granted = new HashSet<>();
    private final Set<String> opened = new HashSet<>();

    AtMostOnce(Knowledge known) {
        super("I-ONCE", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED) {
                require(granted.add(String.valueOf(change.grant())), "%s: granted again: %s", txn.zxid(), change);
            }
        }
        if (applied.result() instanceof Result.SessionOpened result && !result.again()) {
            String key = String.valueOf(result.session().key());
            require(opened.add(key), "%s: a second session for key %s", txn.zxid(), key);
        }
    }
}

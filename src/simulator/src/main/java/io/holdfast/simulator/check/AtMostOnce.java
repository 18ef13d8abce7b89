package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Result;
import io.holdfast.zab.core.Txn;
import java.util.HashSet;
import java.util.Set;

/**
 * A request that is sent again takes effect once: a lock is granted once for an id, a key has one session, and what a
 * client got as released or gone never returns, also when the release came before the acquire (protocol.md#t15).
 */
final class AtMostOnce extends Invariant {

    /** Grants with their locks. */
    private final Set<String> granted = new HashSet<>();

    private final Set<String> opened = new HashSet<>();

    /** Ids of grants whose clients were told that they are gone. */
    private final Set<String> gone = new HashSet<>();

    AtMostOnce(Knowledge known) {
        super("I-ONCE", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        Result told = applied.result();
        if (told instanceof Result.Gone result) {
            gone.add(result.grant());
        }
        for (Change change : applied.changes()) {
            boolean comes = change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.WAITING;
            require(
                    !comes || !gone.contains(change.grant()),
                    "%s: %s, of which a release said that it is gone",
                    txn.zxid(),
                    change);
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

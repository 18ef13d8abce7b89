package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.Map;

/** No lock is granted while somebody holds it. */
final class MutualExclusion extends Invariant {

    private final Map<String, Change> holders = new HashMap<>();

    MutualExclusion(Knowledge known) {
        super("I-MUTEX", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            String lock = change.lock();
            if (lock == null) {
                continue;
            }
            if (change.kind() == Change.Kind.GRANTED) {
                Change holder = holders.put(lock, change);
                require(holder == null, "%s: %s while %s", txn.zxid(), change, holder);
            } else if (change.kind() == Change.Kind.RELEASED || change.kind() == Change.Kind.EXPIRED) {
                Change holder = holders.remove(lock);
                require(
                        holder != null && holder.ticket() == change.ticket(),
                        "%s: %s, but the holder is %s",
                        txn.zxid(),
                        change,
                        holder);
            }
        }
    }
}

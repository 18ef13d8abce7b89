package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.Map;

/**
 * A client uses a token only for the lock for which it was given, and a store that compares tokens lets no older holder
 * write after a newer one.
 */
final class FencedWrites extends Invariant {

    private final Map<Long, String> given = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();

    FencedWrites(Knowledge known) {
        super("I-FENCE", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED) {
                given.put(change.token(), String.valueOf(change.lock()));
            }
        }
    }

    @Override
    public void used(LockUse use) {
        require(use.lock().equals(given.get(use.token())), "token %s is not of %s", use.token(), use.lock());
        long before = highest.getOrDefault(use.lock(), 0L);
        require(
                use.token() >= before,
                "client %s holds %s with token %s by its own clock, after token %s was used",
                use.client(),
                use.lock(),
                use.token(),
                before);
        highest.put(use.lock(), use.token());
    }
}

package io.holdfast.simulator.check;

import io.holdfast.lock.Change;
import io.holdfast.lock.Mode;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A client uses a token only for the locks for which it was given, and a store that compares tokens sees no reader
 * after a newer writer, and no writer after anybody newer. Those whose lock was broken may try: the store refuses them.
 */
final class FencedWrites extends Invariant {

    /** Tokens with the names of their locks. */
    private final Set<String> given = new HashSet<>();

    /** Ids of grants. */
    private final Set<String> broken = new HashSet<>();

    private final Map<String, Long> highest = new HashMap<>();
    private final Map<String, Long> highestWriter = new HashMap<>();

    FencedWrites(Knowledge known) {
        super("I-FENCE", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        switch (change.kind()) {
            case GRANTED, UPGRADED -> given.add(change.token() + " " + change.lock());
            case BROKEN -> broken.add(String.valueOf(change.grant()));
            default -> {
                // No token comes or goes.
            }
        }
    }

    @Override
    public void used(LockUse use) {
        LockUse.Believer holder = use.holder();
        String lock = holder.claim().lock();
        long token = holder.token();
        require(given.contains(token + " " + lock), "token %s is not of %s", token, lock);
        if (holder.claim().mode() == Mode.SEMAPHORE || broken.contains(holder.grant())) {
            return;
        }
        boolean writes = holder.claim().mode() == Mode.EXCLUSIVE;
        long before = (writes ? highest : highestWriter).getOrDefault(lock, 0L);
        require(
                token >= before,
                "client %s uses %s with token %s by its own clock, after token %s was used",
                holder.client(),
                lock,
                token,
                before);
        highest.merge(lock, token, Math::max);
        if (writes) {
            highestWriter.merge(lock, token, Math::max);
        }
    }
}

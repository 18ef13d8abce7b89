package io.holdfast.simulator.check;

import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.simulator.book.Line;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * No two clients believe at the same true time that they hold a lock which they may not hold together; only a holder
 * whose lock was broken may not know it, and has a token that says so.
 */
final class OneBeliever extends Invariant {

    /** Ids of grants. */
    private final Set<String> broken = new HashSet<>();

    OneBeliever(Knowledge known) {
        super("I-BELIEF", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        if (change.kind() == Change.Kind.BROKEN) {
            broken.add(String.valueOf(change.grant()));
        }
    }

    @Override
    public void used(LockUse use) {
        List<LockUse.Believer> believers = new ArrayList<>(use.others());
        believers.add(use.holder());
        believers.removeIf(believer -> broken.contains(believer.grant()));
        List<Claim> claims = believers.stream().map(LockUse.Believer::claim).toList();
        require(Line.areCompatible(claims), "these believe at the same time: %s", believers);
    }
}

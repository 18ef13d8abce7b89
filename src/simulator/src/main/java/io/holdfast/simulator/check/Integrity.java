package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Txn;

/** Every transaction that is applied was proposed, as it is, by an established leader. */
final class Integrity extends Invariant {

    Integrity(Knowledge known) {
        super("I-INTEG", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        Long hash = known.proposedAs(txn.zxid());
        require(hash != null && hash == txn.chainHash(), "%s was applied, but no leader proposed it", txn.zxid());
    }
}

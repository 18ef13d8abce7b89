package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;

/** What each principal has is counted at every server as a recount of its sessions and grants counts it. */
final class PrincipalsAreCounted extends Invariant {

    PrincipalsAreCounted(Knowledge known) {
        super("I-QUOTA", known);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        if (!applied.changes().isEmpty()) {
            require(table.principalsAreCounted(), "%s counts what principals have wrongly after %s", at, txn.zxid());
        }
    }
}

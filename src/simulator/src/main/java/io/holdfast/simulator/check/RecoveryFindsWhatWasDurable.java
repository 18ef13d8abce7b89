package io.holdfast.simulator.check;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;

/** What a server finds on its disk is all that was durable, and of what it had given besides a beginning. */
final class RecoveryFindsWhatWasDurable extends Invariant {

    RecoveryFindsWhatWasDurable(Knowledge known) {
        super("I-DISK", known);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        Position last = recovered.start();
        if (!recovered.txns().isEmpty()) {
            Txn txn = recovered.txns().get(recovered.txns().size() - 1);
            last = new Position(txn.zxid(), txn.chainHash());
        }
        DurableLog.State found = new DurableLog.State(
                recovered.acceptedEpoch(),
                recovered.acceptedLeader(),
                recovered.currentEpoch(),
                last.zxid(),
                last.chainHash());
        var possible = known.server(at).log().possibleStates();
        require(possible.contains(found), "%s finds %s where %s would be right", at, found, possible);
    }
}

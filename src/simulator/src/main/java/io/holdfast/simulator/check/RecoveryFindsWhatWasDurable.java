package io.holdfast.simulator.check;

import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;

/** What a server finds on its disk is all that was durable, and of what it had given besides a beginning. */
final class RecoveryFindsWhatWasDurable extends Invariant {

    RecoveryFindsWhatWasDurable(Knowledge known) {
        super("I-DISK", known);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        DurableLog.State found = DurableLog.found(recovered);
        var possible = known.server(at).log().possibleStates();
        require(possible.contains(found), "%s finds %s where %s would be right", at, found, possible);
    }
}

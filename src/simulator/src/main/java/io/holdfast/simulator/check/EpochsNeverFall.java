package io.holdfast.simulator.check;

import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;

/** The epochs that a server promised and adopted never fall, also not over a crash, and it promised what it adopted. */
final class EpochsNeverFall extends Invariant {

    EpochsNeverFall(Knowledge known) {
        super("I-EPOCH", known);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        DurableLog log = known.server(at).log();
        require(
                recovered.acceptedEpoch() >= recovered.currentEpoch()
                        && recovered.acceptedEpoch() >= log.acceptedEpoch()
                        && recovered.currentEpoch() >= log.currentEpoch(),
                "%s comes back with epochs %s and %s after %s and %s",
                at,
                recovered.acceptedEpoch(),
                recovered.currentEpoch(),
                log.acceptedEpoch(),
                log.currentEpoch());
    }
}

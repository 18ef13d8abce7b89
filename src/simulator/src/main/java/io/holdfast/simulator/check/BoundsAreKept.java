package io.holdfast.simulator.check;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;

/** What waits stays within its bound. */
final class BoundsAreKept extends Invariant {

    private final int outstandingMax;

    BoundsAreKept(Knowledge known, int outstandingMax) {
        super("I-RESOURCE", known);
        this.outstandingMax = outstandingMax;
    }

    @Override
    public void after(ServerId at, Zab.Status status) {
        require(
                status.outstanding() >= 0 && status.outstanding() <= outstandingMax,
                "%s has %s proposals that are not committed, at most %s may be",
                at,
                status.outstanding(),
                outstandingMax);
    }
}

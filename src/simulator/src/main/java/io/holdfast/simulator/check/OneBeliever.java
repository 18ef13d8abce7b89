package io.holdfast.simulator.check;

/** No two clients believe at the same true time that they hold the same lock. */
final class OneBeliever extends Invariant {

    OneBeliever(Knowledge known) {
        super("I-BELIEF", known);
    }

    @Override
    public void used(LockUse use) {
        require(
                use.others().isEmpty(),
                "client %s believes that it holds %s, and so do %s",
                use.client(),
                use.lock(),
                use.others());
    }
}

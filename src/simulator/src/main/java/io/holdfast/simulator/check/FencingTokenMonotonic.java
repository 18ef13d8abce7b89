package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;

/** Every grant has a token above all tokens ever given. */
final class FencingTokenMonotonic extends Invariant {

    private long last;

    FencingTokenMonotonic(Knowledge known) {
        super("I-TOKEN", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.GRANTED) {
                require(change.token() > last, "%s: token %s after %s", txn.zxid(), change.token(), last);
                last = change.token();
            }
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;

/**
 * Every grant, and every holder that becomes exclusive, has a token above all tokens ever given; the locks of one grant
 * share it.
 */
final class FencingTokenMonotonic extends Invariant {

    private long last;
    private String grantOfLast = "";
    private long ticketOfLast;

    FencingTokenMonotonic(Knowledge known) {
        super("I-TOKEN", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        if (change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.UPGRADED) {
            boolean sameGrant = change.ticket() == ticketOfLast && grantOfLast.equals(change.grant());
            require(
                    change.token() > last || (sameGrant && change.token() == last),
                    "%s: token %s after %s",
                    txn.zxid(),
                    change.token(),
                    last);
            last = change.token();
            grantOfLast = String.valueOf(change.grant());
            ticketOfLast = change.ticket();
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;

/**
 * What any two servers applied, one is a beginning of the other: whatever was applied first at a place is applied there
 * by all. Agreement and total order (I-AGREE, I-TOTAL) follow from it.
 */
final class PrefixConsistency extends Invariant {

    PrefixConsistency(Knowledge known) {
        super("I-PREFIX", known);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        int index = known.server(at).applied() - 1;
        Knowledge.Place place = known.committed().get(index);
        require(
                place.zxid() == txn.zxid().packed() && place.chainHash() == txn.chainHash(),
                "%s applies %s at place %s, where %s was applied",
                at,
                txn.zxid(),
                index,
                Zxid.unpack(place.zxid()));
    }

    @Override
    public void restored(ServerId at, Zxid zxid, LockTable table) {
        require(
                zxid.equals(Zxid.ZERO) || known.placeOf(zxid) != null,
                "%s has a snapshot at %s, which was never applied",
                at,
                zxid);
    }
}

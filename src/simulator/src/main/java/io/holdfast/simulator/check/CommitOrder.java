package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every server applies without a gap, an epoch after all earlier ones, and what one leader proposed in its order
 * (I-LPO, I-GPO).
 */
final class CommitOrder extends Invariant {

    private final Map<ServerId, Zxid> last = new TreeMap<>();

    CommitOrder(Knowledge known) {
        super("I-COMMIT-ORDER", known);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        last.remove(at);
    }

    @Override
    public void restored(ServerId at, Zxid zxid, LockTable table) {
        last.put(at, zxid);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        Zxid before = last.getOrDefault(at, Zxid.ZERO);
        require(
                txn.previous().equals(before) && txn.zxid().follows(before),
                "%s applies %s (after %s) after %s",
                at,
                txn.zxid(),
                txn.previous(),
                before);
        last.put(at, txn.zxid());
    }
}

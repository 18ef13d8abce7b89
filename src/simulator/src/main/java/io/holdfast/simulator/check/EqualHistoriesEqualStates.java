package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;

/** Two servers that applied the same have the same state, however they came to it. */
final class EqualHistoriesEqualStates extends Invariant {

    private final List<Long> digests = new ArrayList<>();

    EqualHistoriesEqualStates(Knowledge known) {
        super("I-HASH", known);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        compare(at, table);
    }

    @Override
    public void restored(ServerId at, Zxid zxid, LockTable table) {
        if (!zxid.equals(Zxid.ZERO)) {
            compare(at, table);
        }
    }

    private void compare(ServerId at, LockTable table) {
        int index = known.server(at).applied() - 1;
        if (index == digests.size()) {
            digests.add(table.digest());
        } else {
            require(
                    index >= 0 && digests.get(index) == table.digest(),
                    "%s has another state than the first server had after transaction %s",
                    at,
                    index);
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;

/** What is applied anywhere is on the disks of a quorum, and no server ever drops it. */
final class CommittedLogDurability extends Invariant {

    CommittedLogDurability(Knowledge known) {
        super("I-DURABLE", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        require(
                Configurations.isMajority(known.configurations().newest(), known.whoHas(txn.zxid(), txn.chainHash())),
                "%s was applied, but is on the disks of no quorum that adopted its epoch",
                txn.zxid());
    }

    @Override
    public void appended(ServerId at, LogRecord record) {
        if (record instanceof LogRecord.Truncate truncate) {
            DurableLog log = known.server(at).log();
            for (int i = known.committed().size() - 1; i >= 0; i--) {
                Knowledge.Place place = known.committed().get(i);
                if (place.zxid() <= truncate.to().packed()) {
                    return;
                }
                Long hash = log.hashOf(Zxid.unpack(place.zxid()));
                require(
                        hash == null || hash != place.chainHash(),
                        "%s truncates to %s and drops the committed %s",
                        at,
                        truncate.to(),
                        Zxid.unpack(place.zxid()));
            }
        }
    }
}

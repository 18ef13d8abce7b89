package io.holdfast.simulator.check;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;

/** A leader proposes only when it has applied all of earlier epochs that any server has. */
final class PrimaryIntegrity extends Invariant {

    PrimaryIntegrity(Knowledge known) {
        super("I-PI", known);
    }

    @Override
    public void appended(ServerId at, LogRecord record) {
        Knowledge.Server server = known.server(at);
        if (server.role() != Role.LEADING
                || server.phase() != Phase.BROADCAST
                || !(record instanceof LogRecord.Append append)) {
            return;
        }
        long first = server.epoch() << 32;
        int earlier = known.committed().size();
        while (earlier > 0 && known.committed().get(earlier - 1).zxid() > first) {
            earlier--;
        }
        Zxid last = earlier == 0
                ? Zxid.ZERO
                : Zxid.unpack(known.committed().get(earlier - 1).zxid());
        require(
                append.txn().zxid().epoch() == server.epoch()
                        && !server.handedOver().isBefore(last),
                "%s proposes %s in epoch %s and has applied up to %s of what others applied up to %s",
                at,
                append.txn().zxid(),
                server.epoch(),
                server.handedOver(),
                last);
    }
}

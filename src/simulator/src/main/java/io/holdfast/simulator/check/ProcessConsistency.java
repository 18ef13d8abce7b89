package io.holdfast.simulator.check;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.Map;

/** A follower that acknowledges NEWLEADER has on its disk just what its leader has, up to where they meet. */
final class ProcessConsistency extends Invariant {

    ProcessConsistency(Knowledge known) {
        super("I-PROC", known);
    }

    @Override
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        if (!(message instanceof AckNewLeader ack)) {
            return;
        }
        DurableLog mine = known.server(from).log();
        DurableLog leaders = known.server(to).log();
        for (Map.Entry<Long, Long> txn : mine.txns().entrySet()) {
            Long hash = leaders.txns().get(txn.getKey());
            boolean same = hash == null
                    ? txn.getKey() <= leaders.base().packed()
                            || txn.getKey() > leaders.last().packed()
                    : hash.equals(txn.getValue());
            require(
                    same || txn.getKey() > ack.cut().packed(),
                    "%s adopts epoch %s of %s with another transaction at %s",
                    from,
                    ack.epoch(),
                    to,
                    Zxid.unpack(txn.getKey()));
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;

/**
 * A leader that begins to broadcast has on its disk every transaction of its epoch and before that was ever applied
 * anywhere. Transactions of later epochs may be there already: then it was deposed before it heard the last of the
 * acknowledgements that it waited for, and will commit nothing of its own.
 */
final class LeaderLogCompleteness extends Invariant {

    LeaderLogCompleteness(Knowledge known) {
        super("I-LLC", known);
    }

    @Override
    public void became(ServerId at, Role role, Phase phase, long epoch) {
        if (role != Role.LEADING || phase != Phase.BROADCAST) {
            return;
        }
        DurableLog log = known.server(at).log();
        for (Knowledge.Place place : known.committed()) {
            Zxid zxid = Zxid.unpack(place.zxid());
            require(
                    zxid.epoch() > epoch || log.has(zxid, place.chainHash()),
                    "%s leads epoch %s without %s",
                    at,
                    epoch,
                    zxid);
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;

/**
 * Whoever has adopted an epoch, durably, has on its disk all that was ever applied of earlier epochs: what makes the
 * comparison of votes safe.
 */
final class AdoptedHistory extends Invariant {

    AdoptedHistory(Knowledge known) {
        super("I-LLC", known);
    }

    @Override
    public void durable(ServerId at, LogRecord record) {
        if (!(record instanceof LogRecord.AdoptEpoch adopted)) {
            return;
        }
        DurableLog log = known.server(at).log();
        for (Knowledge.Place place : known.committed()) {
            Zxid zxid = Zxid.unpack(place.zxid());
            require(
                    zxid.epoch() >= adopted.epoch() || log.has(zxid, place.chainHash()),
                    "%s adopted epoch %s without %s, which was applied",
                    at,
                    adopted.epoch(),
                    zxid);
        }
    }
}

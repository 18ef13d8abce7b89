package io.holdfast.simulator.check;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;

/**
 * Whoever has adopted an epoch, durably, has on its disk all that was ever committed in earlier epochs: what makes the
 * comparison of votes safe. What an earlier leader proposed and a later one than that of the epoch had committed is not
 * meant: nothing kept the leader of the epoch from leading without it, and it commits nothing any more.
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
                    place.committedIn() >= adopted.epoch() || log.has(zxid, place.chainHash()),
                    "%s adopted epoch %s without %s, which was applied",
                    at,
                    adopted.epoch(),
                    zxid);
        }
    }
}

package io.holdfast.simulator.check;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.Map;
import java.util.TreeMap;

/**
 * Nothing happens in a phase that it does not belong to: no transaction is logged while there is no leader, and the
 * acknowledgements of a follower never fall within an epoch.
 */
final class PhasesAreKept extends Invariant {

    private final Map<ServerId, Ack> last = new TreeMap<>();

    PhasesAreKept(Knowledge known) {
        super("I-LEGAL", known);
    }

    @Override
    public void appended(ServerId at, LogRecord record) {
        require(
                !(record instanceof LogRecord.Append) || known.server(at).role() != Role.LOOKING,
                "%s logs %s while it looks for a leader",
                at,
                record);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        last.remove(at);
    }

    @Override
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        if (message instanceof Ack ack) {
            Ack before = last.put(from, ack);
            Zxid least = before == null || before.epoch() < ack.epoch() ? Zxid.ZERO : before.durable();
            require(!ack.durable().isBefore(least), "%s acknowledges %s after %s", from, ack.durable(), least);
        }
    }
}

package io.holdfast.server.replica;

import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Rules;
import io.holdfast.zab.core.Payload;
import java.util.function.LongSupplier;

/**
 * Brings the leader's setting of how large the state may be into the replicated state, where it decides alike on every
 * node. Used on the node's context.
 */
final class StateQuota {

    private final LeaseClock.Ensemble ensemble;
    private final LongSupplier wallMillis;
    private final long bytes;

    /** The epoch in which it was proposed; an epoch that loses it has ended. */
    private long proposedIn;

    StateQuota(LeaseClock.Ensemble ensemble, LongSupplier wallMillis, long bytes) {
        this.ensemble = ensemble;
        this.wallMillis = wallMillis;
        this.bytes = bytes;
    }

    /**
     * Proposes what is due; to be called every tick.
     *
     * @param epoch that this node leads in broadcast, 0 when it does not
     */
    void tick(long epoch, LockTable table) {
        if (epoch == 0 || epoch == proposedIn || table.bytesLimit() == bytes) {
            return;
        }
        Command command = new Command.SetStateBytes(bytes, wallMillis.getAsLong());
        Rules rules = table.rules();
        boolean known = rules.refusal(command) == null;
        if (known && ensemble.propose(epoch, Payload.of(CommandCodec.encode(command, rules.level())))) {
            proposedIn = epoch;
        }
    }
}

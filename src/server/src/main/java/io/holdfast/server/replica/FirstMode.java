package io.holdfast.server.replica;

import io.holdfast.lock.ChangeAcl;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Rules;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.zab.core.Payload;
import java.util.function.LongSupplier;

/**
 * Has a new ensemble enforce rules from its beginning when its nodes can tell clients apart. Used on the node's
 * context.
 */
final class FirstMode {

    private final LeaseClock.Ensemble ensemble;
    private final LongSupplier wallMillis;
    private final boolean closed;

    /** The epoch in which it was proposed; an epoch that loses it has ended. */
    private long proposedIn;

    FirstMode(LeaseClock.Ensemble ensemble, LongSupplier wallMillis, HoldfastConfig config) {
        this.ensemble = ensemble;
        this.wallMillis = wallMillis;
        this.closed = NodeSettings.tellsClientsApart(config);
    }

    /**
     * Proposes what is due; to be called every tick.
     *
     * @param epoch that this node leads in broadcast, 0 when it does not
     */
    void tick(long epoch, LockTable table) {
        if (!closed || epoch == 0 || epoch == proposedIn || table.acl().revision() != 0 || !table.isUntouched()) {
            return;
        }
        ChangeAcl enforce = new ChangeAcl(0, new AclChange.SetMode(AclMode.ENFORCE), wallMillis.getAsLong());
        Rules rules = table.rules();
        boolean known = rules.refusal(enforce) == null;
        if (known && ensemble.propose(epoch, Payload.of(CommandCodec.encode(enforce, rules.level())))) {
            proposedIn = epoch;
        }
    }
}

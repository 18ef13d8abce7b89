package io.holdfast.simulator.check;

import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server knows as committed never shrinks, and it applies only what is committed and on its own disk
 * (protocol.md#p8).
 */
final class CommittedLogMonotonicity extends Invariant {

    private final Map<ServerId, Zab.Status> last = new TreeMap<>();

    CommittedLogMonotonicity(Knowledge known) {
        super("I-MONO", known);
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        last.remove(at);
    }

    @Override
    public void after(ServerId at, Zab.Status status) {
        Zab.Status before = last.put(at, status);
        Zxid applied = status.lastApplied();
        require(
                before == null
                        || (!status.lastCommitted().isBefore(before.lastCommitted())
                                && !applied.isBefore(before.lastApplied())
                                && status.epoch() >= before.epoch()),
                "%s went back from %s to %s",
                at,
                before,
                status);
        require(
                !applied.isAfter(status.lastCommitted())
                        && !applied.isAfter(status.lastDurable())
                        && !status.lastDurable().isAfter(status.lastLogged()),
                "%s applies what is not committed and durable: %s",
                at,
                status);
    }
}

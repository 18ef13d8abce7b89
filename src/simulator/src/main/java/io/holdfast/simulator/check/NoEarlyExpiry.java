package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** No session expires while its client may believe in it by a keepalive that was confirmed. */
final class NoEarlyExpiry extends Invariant {

    private final LongSupplier trueTime;
    private final Map<Long, Long> validUntil = new HashMap<>();
    private final Map<Long, Long> expiredAt = new HashMap<>();

    NoEarlyExpiry(Knowledge known, LongSupplier trueTime) {
        super("I-NOEARLY", known);
        this.trueTime = trueTime;
    }

    @Override
    public void confirmed(Confirmation confirmation) {
        long session = confirmation.session();
        Long expired = expiredAt.get(session);
        require(
                expired == null || confirmation.validUntil() <= expired,
                "session %s is confirmed until %s ns, but expired at %s ns",
                session,
                confirmation.validUntil(),
                expired);
        validUntil.merge(session, confirmation.validUntil(), Math::max);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        long now = trueTime.getAsLong();
        for (Change change : applied.changes()) {
            if (change.kind() == Change.Kind.SESSION_ENDED && change.cause() == Cause.SESSION_EXPIRED) {
                expiredAt.put(change.session(), now);
                long until = validUntil.getOrDefault(change.session(), Long.MIN_VALUE);
                require(
                        until <= now,
                        "session %s expires %s ms before its client stops to believe",
                        change.session(),
                        (until - now) / 1_000_000);
            }
        }
    }
}

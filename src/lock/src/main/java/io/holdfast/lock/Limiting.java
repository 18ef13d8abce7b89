package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * The rules of changing how many permits a semaphore in use has.
 *
 * <p>A limit that was set is that of the lock and not of its tickets: until the lock is unused, tickets may name any.
 * Nothing is taken back, so a lowered limit comes into force as holders leave; a ticket that could never be granted
 * under it is in its way.
 */
final class Limiting {

    private final Ledger ledger;
    private final State state;

    Limiting(Ledger ledger) {
        this.ledger = ledger;
        this.state = ledger.state;
    }

    Result changeLimit(Command.ChangeLimit c) {
        Lock lock = state.locks.get(c.lock());
        if (lock == null) {
            return refused(c, Result.LimitRefused.Hindrance.NOT_IN_USE, null);
        }
        if (lock.limit() == 0) {
            return refused(c, Result.LimitRefused.Hindrance.NO_SEMAPHORE, null);
        }
        String tooMany = lock.firstWithMoreThan(c.limit());
        if (tooMany != null) {
            return refused(c, Result.LimitRefused.Hindrance.TOO_FEW, tooMany);
        }
        if (!lock.hasSetLimit() || lock.limit() != c.limit()) {
            state.limit(lock, c.limit());
            ledger.changes.add(new Change(Change.Kind.LIMIT_CHANGED, lock.name, null, 0, 0, 0, null, c.limit(), null));
            // What the open places were promised may not be there any more: they are counted anew.
            lock.closePlaces();
            ledger.touch(lock);
            ledger.moveOn();
        }
        return new Result.LimitChanged(c.lock(), c.limit());
    }

    private static Result refused(
            Command.ChangeLimit c, Result.LimitRefused.Hindrance hindrance, @Nullable String grant) {
        return new Result.LimitRefused(c.lock(), hindrance, grant);
    }
}

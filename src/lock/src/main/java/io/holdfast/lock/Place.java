package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * A grant's place at one of its locks: in the line, or among the holders. There is one object of 40 bytes for each.
 *
 * <p>In line a place is open when the grant could have the lock now without delaying anybody ahead of it; a grant gets
 * all its locks in the moment in which all its places are open.
 */
final class Place {

    final Grant grant;
    final Lock lock;
    final short permits;
    Mode mode;

    /** Kept by the lock while in line: whether it belongs to the open beginning of the line. */
    boolean open;

    /** Whether its mode is not the one that was asked for, or was not meanwhile. */
    boolean changed;

    /** Where it stands in its lock's queue; kept by the queue. */
    int slot;

    /** Neighbours among the lock's holders. */
    @Nullable
    Place previous;

    @Nullable
    Place next;

    Place(Grant grant, Lock lock, Mode mode, int permits) {
        this.grant = grant;
        this.lock = lock;
        this.mode = mode;
        this.permits = (short) permits;
    }

    Claim claim() {
        return new Claim(lock.name, mode, permits, lock.limit());
    }

    /** Returns whether it is what was asked for; once mode or limit were changed, they tell nothing of that. */
    boolean matches(Claim claim) {
        return lock.name.equals(claim.lock())
                && (mode == claim.mode() || changed)
                && permits == claim.permits()
                && lock.accepts(claim.limit());
    }

    /** Returns whether the two cannot hold their lock together; on a semaphore that depends on the others too. */
    boolean conflicts(Place other) {
        return lock.asked > 0 || mode == Mode.EXCLUSIVE || other.mode == Mode.EXCLUSIVE;
    }

    /** Returns whether another place could be among the holders if this holder was not. */
    boolean leavesRoomFor(Place other) {
        if (lock.closed != null) {
            return false;
        }
        if (lock.asked > 0) {
            return lock.used - permits + other.permits <= lock.limit();
        }
        boolean alone = lock.first == this && lock.last == this;
        return alone || (mode == Mode.SHARED && other.mode == Mode.SHARED);
    }
}

package io.holdfast.cli.keeper;

/** What was heard of the guard, for the thread that acts on it. Any thread. */
final class GuardState {

    private boolean ended;
    private boolean cancelled;
    private boolean gone;
    private int changes;

    /** A new grant: nothing of it has ended. */
    synchronized void begin() {
        ended = false;
    }

    /** The command, and what it left running, has ended. */
    synchronized void tellEnded() {
        ended = true;
        wake();
    }

    /** The guard wants no grant any more. */
    synchronized void tellCancelled() {
        cancelled = true;
        wake();
    }

    /** The guard has ended. */
    synchronized void tellGone() {
        gone = true;
        wake();
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized boolean isGone() {
        return gone;
    }

    /** Whether there is no use in a grant any more. */
    synchronized boolean isOver() {
        return cancelled || gone;
    }

    /** Something happened that {@link #await} is waiting for. */
    synchronized void wake() {
        changes++;
        notifyAll();
    }

    /** How often something has happened. */
    synchronized int changes() {
        return changes;
    }

    /**
     * Returns when something has happened after {@code seen} was read, or the time is over.
     *
     * @param millis 1 at least
     */
    synchronized void await(int seen, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while (changes == seen && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }
}

package io.holdfast.client.internal;

import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Loss;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One actor: has one session while it holds or waits for something, and never two. On the loop.
 *
 * <p>A thread is one, a lease of its own is one, and a session that the program opened is one.
 */
final class Owner {

    private final SessionPool pool;
    private final Loop loop;
    private final BooleanSupplier lives;
    private final boolean keeps;
    private @Nullable ClientSession session;

    /**
     * Leases that it has not given back, lost ones too: while there is one, what it asks for must be in their session.
     */
    private int leases;

    private Owner(SessionPool pool, Loop loop, BooleanSupplier lives, @Nullable ClientSession own) {
        this.pool = pool;
        this.loop = loop;
        this.lives = lives;
        this.keeps = own != null;
        this.session = own;
    }

    /** One that borrows its session while it needs one. */
    static Owner borrowing(SessionPool pool, Loop loop, BooleanSupplier lives) {
        return new Owner(pool, loop, lives, null);
    }

    /** One that has a session of its own. */
    static Owner of(ClientSession own, SessionPool pool, Loop loop) {
        return new Owner(pool, loop, () -> true, own);
    }

    /**
     * Returns its session; a new one when the last was lost and it holds nothing that was there.
     *
     * @param withinMillis how long a node is looked for
     */
    CompletableFuture<ClientSession> session(long withinMillis) {
        ClientSession present = session;
        if (present != null && !present.isOver(loop.now())) {
            return CompletableFuture.completedFuture(present);
        }
        if (keeps || leases > 0) {
            return CompletableFuture.failedFuture(new LeaseLostException(
                    "the session is over, and what is asked for would be in another one than what is held",
                    "session-ended",
                    Loss.SESSION_ENDED));
        }
        return pool.borrow(withinMillis).thenApply(borrowed -> {
            borrowed.ownerLives = lives;
            session = borrowed;
            return borrowed;
        });
    }

    void took() {
        leases++;
    }

    void gave() {
        leases--;
        settle();
    }

    /** Gives the session back when nothing needs it. */
    void settle() {
        ClientSession present = session;
        if (!keeps && present != null && present.isIdle()) {
            session = null;
            pool.giveBack(present);
        }
    }
}

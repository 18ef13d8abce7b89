package io.holdfast.client.internal;

import io.holdfast.client.Loss;
import io.holdfast.client.SessionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One session at the ensemble, with what it holds and waits for. On the loop, but for its id and its clock. */
final class ClientSession {

    private final String id;
    private final LeaseClock clock;

    /** By id of the grant. */
    final Map<String, LeaseHandle> leases = new LinkedHashMap<>();

    /** By id of the grant. */
    final Map<String, Acquisition> tickets = new LinkedHashMap<>();

    /** Told of every state, in order. */
    final List<Consumer<SessionState>> listeners = new ArrayList<>();

    /** Completed once the lease is fresh, or with false once it was lost. */
    final List<CompletableFuture<Boolean>> urgent = new ArrayList<>();

    /** Whether its owner can still use it. */
    BooleanSupplier ownerLives = () -> true;

    /** What its listeners were told last. */
    SessionState told = SessionState.CONNECTED;

    /** Keepalives sent since the last confirmation. */
    int attempts;

    /** Whether another one must follow that under way. */
    boolean renewAgain;

    /** When the last of them was sent, and how long it is given. */
    Mark lastAttempt;

    long patienceMillis;

    /** Before the last confirmed keepalive was sent, or the session opened. */
    Mark lastConfirmed;

    /**
     * How it ended, known before its clock says that it did; null while it has not, and when the clock alone says so.
     */
    volatile @Nullable Loss ended;

    /** Whether something that it asked for has an unknown outcome, so that it can be given to nothing else. */
    boolean doubtful;

    ClientSession(String id, LeaseClock clock, Mark asked) {
        this.id = id;
        this.clock = clock;
        this.lastAttempt = asked;
        this.lastConfirmed = asked;
    }

    String id() {
        return id;
    }

    LeaseClock clock() {
        return clock;
    }

    boolean isIdle() {
        return leases.isEmpty() && tickets.isEmpty();
    }

    boolean isOver(Mark now) {
        SessionState state = clock.at(now);
        return state == SessionState.LOST || state == SessionState.CLOSED;
    }

    void freed() {
        ownerLives = () -> true;
        listeners.clear();
    }

    @Override
    public String toString() {
        return "session " + id;
    }
}

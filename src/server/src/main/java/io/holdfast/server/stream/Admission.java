package io.holdfast.server.stream;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.LockService;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.Refused;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the streams of this node, of every kind, and lets no more begin than may. For any thread. */
@Singleton
public final class Admission {

    private final LockService service;
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    Admission(LockService service, HoldfastConfig config) {
        this.service = service;
        this.max = config.events().streamsMax();
    }

    /**
     * Counts one stream more.
     *
     * @throws Refused {@code OVERLOADED} when there are as many as may be
     */
    public void enter() {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            String message = "this node serves " + max + " streams, as many as it may; try again later or ask another";
            throw new Refused(Problem.OVERLOADED, message, service.appliedAt(), null);
        }
    }

    /** Counts one stream less. */
    public void leave() {
        open.decrementAndGet();
    }

    /** Returns how many streams there are. */
    public int open() {
        return open.get();
    }
}

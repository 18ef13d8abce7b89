package io.holdfast.server.stream;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.Farewell;
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
    private final Farewell farewell;
    private final int max;
    private final PerAddress addresses;
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    Admission(LockService service, Farewell farewell, HoldfastConfig config) {
        this.service = service;
        this.farewell = farewell;
        this.max = config.events().streamsMax();
        this.addresses = new PerAddress(config.events().streamsPerAddress());
    }

    /**
     * Counts one stream more.
     *
     * @param address of the connection
     * @throws Refused {@code OVERLOADED} when there are as many as may be, {@code NOT_READY} when this node is about to
     *     end
     */
    public void enter(String address) {
        if (farewell.isLeaving()) {
            throw new Refused(Problem.NOT_READY, "this node is stopping; ask another", service.appliedAt(), null);
        }
        if (!addresses.enter(address)) {
            throw overloaded("your address has " + addresses.max() + " streams at this node");
        }
        if (open.incrementAndGet() > max) {
            leave(address);
            throw overloaded("this node serves " + max + " streams");
        }
    }

    private Refused overloaded(String what) {
        String message = what + ", as many as it may; try again later or ask another";
        return new Refused(Problem.OVERLOADED, message, service.appliedAt(), null);
    }

    /** Returns whether this node is about to end, so that what was let in meanwhile ends before it begins. */
    public boolean isLeaving() {
        return farewell.isLeaving();
    }

    /** Has {@code leaving} run, on any thread, when the streams of this node are to end. */
    public void onLeaving(Runnable leaving) {
        farewell.onLeaving(leaving);
    }

    /** Counts one stream less. */
    public void leave(String address) {
        addresses.leave(address);
        open.decrementAndGet();
    }

    /** Returns how many streams there are. */
    public int open() {
        return open.get();
    }
}

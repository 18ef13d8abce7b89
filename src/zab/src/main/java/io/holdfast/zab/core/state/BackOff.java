package io.holdfast.zab.core.state;

import io.holdfast.zab.core.ServerId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * When a synchronization that failed with another server may be tried again: the first time after
 * {@link io.holdfast.zab.core.ZabConfig#resendMinMillis}, then after twice the wait before, up to a second or two. Both
 * ends keep one, so that neither a learner nor its leader repeats what costs both at the speed of the network.
 */
public final class BackOff {

    private final Replica replica;

    /** Bounded by the members that there ever were. */
    private final Map<ServerId, Wait> waits = new TreeMap<>();

    private record Wait(long since, long millis) {}

    public BackOff(Replica replica) {
        this.replica = replica;
    }

    /** A synchronization with that server failed. */
    public void failed(ServerId server) {
        Wait before = waits.get(server);
        // A leader that is not established gives up when it is left alone for two sync limits.
        long longest = 3 * replica.config().syncLimitMillis() / 2;
        long millis = before == null ? replica.config().resendMinMillis() : Math.min(2 * before.millis(), longest);
        waits.put(server, new Wait(replica.now(), millis));
    }

    /** A synchronization with that server succeeded. */
    public void succeeded(ServerId server) {
        waits.remove(server);
    }

    /** A synchronization succeeded, so that whatever was in the way of others may be gone too. */
    public void reset() {
        waits.clear();
    }

    /** Returns from when on a synchronization with that server may begin; a time in the past when nothing failed. */
    public long readyAt(ServerId server) {
        return readyAt(server, Long.MAX_VALUE);
    }

    /** As {@link #readyAt(ServerId)}, but not later than {@code millisMax} after the failure. */
    public long readyAt(ServerId server, long millisMax) {
        Wait wait = waits.get(server);
        return wait == null
                ? Long.MIN_VALUE
                : wait.since() + TimeUnit.MILLISECONDS.toNanos(Math.min(wait.millis(), millisMax));
    }

    /** Returns whether a synchronization with that server may begin now. */
    public boolean isReady(ServerId server) {
        return readyAt(server) <= replica.now();
    }
}

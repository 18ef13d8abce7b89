package io.holdfast.zab.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the peer port that have not greeted yet, bounded for each address and together, so that silent
 * ones do not keep others out: the oldest gives way, never the newest, which may be a peer.
 *
 * <p>No clock and no network in here; times are nanoseconds of one monotonic clock. Used on one thread.
 *
 * @param <T> a connection
 */
final class Strangers<T> {

    /** Connections from all addresses. */
    static final int MAX = 64;

    /** Silent connections from one address. Members on one machine share an address, but are not silent. */
    static final int SILENT_MAX = 4;

    /** A peer greets as soon as it is connected: a connection without a greeting for so long is silent. */
    static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /**
     * As {@link #SILENT_NANOS}, of a connection that begins with TLS: a handshake is two round trips and arithmetic.
     */
    static final long SILENT_TLS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long silentNanos;

    /** In the order in which they came; no address has an empty queue. */
    private final Map<String, Deque<Entry<T>>> byAddress = new LinkedHashMap<>();

    private int size;

    private record Entry<T>(T stranger, long since) {}

    /**
     * Makes one without a connection.
     *
     * @param silentNanos how long a peer may take to greet, with what precedes its greeting
     */
    Strangers(long silentNanos) {
        this.silentNanos = silentNanos;
    }

    /** Takes a connection in; returns the one that has to go for it, null when all have room. */
    @Nullable
    T enter(T stranger, String address, long now) {
        Deque<Entry<T>> sameAddress = byAddress.computeIfAbsent(address, ignored -> new ArrayDeque<>());
        T leaving = null;
        if (silent(sameAddress, now) >= SILENT_MAX) {
            leaving = sameAddress.element().stranger();
        } else if (size >= MAX) {
            leaving = most().element().stranger();
        }
        if (leaving != null) {
            leave(leaving);
        }
        byAddress.computeIfAbsent(address, ignored -> new ArrayDeque<>()).add(new Entry<>(stranger, now));
        size++;
        return leaving;
    }

    /** A connection has greeted, or ended; without effect when it is not in here any more. */
    void leave(T stranger) {
        Iterator<Deque<Entry<T>>> addresses = byAddress.values().iterator();
        while (addresses.hasNext()) {
            Deque<Entry<T>> entries = addresses.next();
            if (entries.removeIf(entry -> entry.stranger() == stranger)) {
                size--;
                if (entries.isEmpty()) {
                    addresses.remove();
                }
                return;
            }
        }
    }

    int size() {
        return size;
    }

    private int silent(Deque<Entry<T>> entries, long now) {
        int silent = 0;
        for (Entry<T> entry : entries) {
            if (now - entry.since() >= silentNanos) {
                silent++;
            }
        }
        return silent;
    }

    /** Returns those of the address that has most, of several the one whose oldest came first. */
    private Deque<Entry<T>> most() {
        Deque<Entry<T>> most = null;
        for (Deque<Entry<T>> entries : byAddress.values()) {
            boolean more = most == null
                    || entries.size() > most.size()
                    || (entries.size() == most.size()
                            && entries.element().since() - most.element().since() < 0);
            if (!entries.isEmpty() && more) {
                most = entries;
            }
        }
        if (most == null) {
            throw new IllegalStateException("there is no connection in here");
        }
        return most;
    }
}

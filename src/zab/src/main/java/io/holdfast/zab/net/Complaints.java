package io.holdfast.zab.net;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Says what keeps going wrong once a minute for each kind of fault and each peer, not at every attempt: however many
 * strangers call and whatever they say, the log grows by a bounded number of lines. Used on one thread.
 */
final class Complaints {

    /** What goes wrong. */
    enum Kind {
        /** A connection that this server opened. */
        UNREACHABLE,
        /** A connection to this server's peer port, before a peer was accepted. */
        STRANGER,
        /** A connection on which a peer was let in. */
        PEER
    }

    private static final Logger LOG = Logger.getLogger(PeerNet.class);
    private static final long PAUSE_NANOS = 60_000_000_000L;

    /** Lines within one pause; what exceeds them is counted. */
    static final int LINES_MAX = 256;

    private final LongSupplier clock;
    private final Consumer<String> log;

    /** When each was said last, the oldest first. */
    private final Map<Subject, Long> said = new LinkedHashMap<>();

    private long unsaid;

    private record Subject(Kind kind, String who) {}

    Complaints() {
        this(System::nanoTime, LOG::warn);
    }

    /** Makes one that reads a monotonic clock in nanoseconds and gives lines away. */
    Complaints(LongSupplier clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    /**
     * Logs, unless something of that kind was said about the same peer within a minute.
     *
     * @param who the peer's id or address, without what differs from one connection to the next
     */
    void warn(Kind kind, String who, String what) {
        long now = clock.getAsLong();
        forget(now);
        Subject subject = new Subject(kind, who);
        if (said.containsKey(subject)) {
            return;
        }
        if (said.size() >= LINES_MAX) {
            unsaid++;
            return;
        }
        said.put(subject, now);
        log.accept(who + ": " + what);
        if (unsaid > 0) {
            log.accept("peers: " + unsaid + " further complaints about others were not logged");
            unsaid = 0;
        }
    }

    private void forget(long now) {
        Iterator<Long> times = said.values().iterator();
        while (times.hasNext() && now - times.next() >= PAUSE_NANOS) {
            times.remove();
        }
    }
}

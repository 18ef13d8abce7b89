package io.holdfast.server.replica;

import io.holdfast.server.caller.Caller;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Notes what would be refused while rules are observed: each is counted, and a few in each period are logged. For any
 * thread.
 */
final class ObservedRefusals {

    private static final Logger LOG = Logger.getLogger("io.holdfast.acl");

    private static final long PERIOD_NANOS = 10_000_000_000L;

    /** Lines of one period. */
    private static final int LINES = 10;

    private final LongSupplier nanos;
    private final AtomicLong count = new AtomicLong();
    private long periodBegan;
    private int lines;
    private long unsaid;

    ObservedRefusals(LongSupplier nanos) {
        this.nanos = nanos;
        this.periodBegan = nanos.getAsLong();
    }

    /** Returns how many there were. */
    long count() {
        return count.get();
    }

    void note(Caller caller, Refused refused) {
        count.incrementAndGet();
        long before = said();
        if (before >= 0) {
            String more = before == 0 ? "" : " (" + before + " more were not logged)";
            LOG.infof("Would be refused to %s: %s%s", caller.principal(), refused.getMessage(), more);
        }
    }

    /** Returns how many were left unsaid before the one that is to be said now; -1 when that is not to be said. */
    private synchronized long said() {
        long now = nanos.getAsLong();
        if (now - periodBegan >= PERIOD_NANOS) {
            periodBegan = now;
            lines = 0;
        }
        if (lines >= LINES) {
            unsaid++;
            return -1;
        }
        lines++;
        long before = unsaid;
        unsaid = 0;
        return before;
    }
}

package io.holdfast.server.audit;

import io.holdfast.server.caller.Caller;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line of equal refusals: the first is written at once, those of the next 10 s are counted. For any thread.
 */
final class Repeats {

    static final long WINDOW_NANOS = 10_000_000_000L;

    /** Kinds of refusals that are counted separately in one window; further ones are counted by their problem alone. */
    static final int KINDS_MAX = 1_000;

    private record Kind(
            String operation,
            @Nullable String principal,
            @Nullable String remote,
            @Nullable String problem,
            @Nullable String verb,
            @Nullable String lock) {}

    private static final class Window {
        private final long beganAt;
        private AuditRecord last;
        private long more;

        private Window(long beganAt, AuditRecord last) {
            this.beganAt = beganAt;
            this.last = last;
        }
    }

    /** By when their windows began. */
    private final Map<Kind, Window> windows = new LinkedHashMap<>();

    /** Returns whether a refusal is to be written now; else it is counted. */
    synchronized boolean isFirst(AuditRecord record, long now) {
        AuditedCall call = record.call();
        Caller caller = call.caller();
        Kind kind = new Kind(
                call.operation().id(),
                caller == null ? null : caller.principal(),
                record.end().from().remote(),
                call.problem(),
                call.verb(),
                call.locks().isEmpty() ? null : call.locks().get(0));
        if (windows.size() >= KINDS_MAX && !windows.containsKey(kind)) {
            kind = new Kind("", null, null, call.problem(), null, null);
        }
        Window window = windows.get(kind);
        if (window == null) {
            windows.put(kind, new Window(now, record));
            return true;
        }
        window.last = record;
        window.more++;
        return false;
    }

    /** Returns the last of each kind whose window is over, with the count of those that were not written. */
    synchronized List<AuditRecord> over(long now) {
        List<AuditRecord> over = new ArrayList<>();
        Iterator<Window> each = windows.values().iterator();
        while (each.hasNext()) {
            Window window = each.next();
            if (now - window.beganAt < WINDOW_NANOS) {
                break;
            }
            each.remove();
            if (window.more > 0) {
                over.add(window.last.times(window.more));
            }
        }
        return over;
    }
}

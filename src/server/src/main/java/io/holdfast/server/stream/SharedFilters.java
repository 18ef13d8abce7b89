package io.holdfast.server.stream;

import io.holdfast.server.history.EventFilter;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Lets readers with equal filters share one object for as long as one of them is open: it is kept once, and compared by
 * its identity. For any thread.
 */
final class SharedFilters {

    private final Map<EventFilter, WeakReference<EventFilter>> known = new WeakHashMap<>();

    /** Returns the one that is equal. */
    synchronized EventFilter shared(EventFilter filter) {
        WeakReference<EventFilter> reference = known.get(filter);
        EventFilter before = reference == null ? null : reference.get();
        if (before == null) {
            known.put(filter, new WeakReference<>(filter));
            return filter;
        }
        return before;
    }
}

package io.holdfast.server.stream;

import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.access.Permit;
import io.holdfast.server.access.Visible;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.history.EventFilter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one reader gets: what it asked for, as far as its caller may see it. It follows the rules: if the caller may see
 * less than before, the reader ends; if it may see more, the reader gets more from the next transaction on. Used on the
 * reader's context.
 */
final class Clearance {

    private static final Visible NOTHING = new Visible(NameSet.NONE, Caller.ANONYMOUS, false);

    private final EventFilter asked;
    private final Permit permit;
    private final UnaryOperator<EventFilter> shared;
    private EventFilter filter;
    private @Nullable EventFilter wider;
    private boolean isGone;

    /**
     * Creates one, by the rules that are applied.
     *
     * @param shared gives the same object for equal filters
     */
    Clearance(EventFilter asked, Permit permit, UnaryOperator<EventFilter> shared) {
        this.asked = asked;
        this.permit = permit;
        this.shared = shared;
        Visible visible = permit.renewed();
        this.isGone = visible == null;
        this.filter = shared.apply(asked.under(visible == null ? NOTHING : visible));
    }

    /** Returns what the reader gets. */
    EventFilter filter() {
        return filter;
    }

    /** Returns whether the caller may not see all that the reader asked for. */
    boolean isFiltered() {
        return !filter.equals(asked);
    }

    /** Returns whether the caller may still see all that the reader gets. */
    boolean holds() {
        if (permit.isOutdated()) {
            Visible visible = permit.renewed();
            EventFilter next = visible == null ? filter : shared.apply(asked.under(visible));
            isGone |= visible == null || !next.includes(filter);
            wider = next.equals(filter) ? null : next;
        }
        return !isGone;
    }

    /** Widens the filter to all that the caller may see by now; returns whether that is more than before. */
    boolean widen() {
        EventFilter next = wider;
        if (next != null) {
            filter = next;
            wider = null;
        }
        return next != null;
    }

    /** Returns how long the credential is still valid, in milliseconds; 0 or less when it is not. */
    long leftMillis() {
        return permit.leftMillis();
    }
}

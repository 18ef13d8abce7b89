package io.holdfast.server.stream;

import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.access.Permit;
import io.holdfast.server.access.Visible;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.history.EventFilter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one reader is told: what it asked for, as far as its caller may be told. It follows the rules: less than before
 * ends the reader, more is told from the next transaction on. Used on the reader's context.
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

    /** Returns what the reader is told. */
    EventFilter filter() {
        return filter;
    }

    /** Returns whether the reader may not be told all that it asked for. */
    boolean isFiltered() {
        return !filter.equals(asked);
    }

    /** Returns whether the caller may still be told all that the reader is told. */
    boolean holds() {
        if (permit.isOutdated()) {
            Visible visible = permit.renewed();
            EventFilter next = visible == null ? filter : shared.apply(asked.under(visible));
            isGone |= visible == null || !next.includes(filter);
            wider = next.equals(filter) ? null : next;
        }
        return !isGone;
    }

    /** Has the reader told all that its caller may be told by now; returns whether that is more than before. */
    boolean widen() {
        EventFilter next = wider;
        if (next != null) {
            filter = next;
            wider = null;
        }
        return next != null;
    }

    /** Returns how long the credential proves something yet, in milliseconds; none or less when it does not. */
    long leftMillis() {
        return permit.leftMillis();
    }
}

package io.holdfast.server.history;

import io.holdfast.lock.Change;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which changes a reader wants: those of locks whose name begins so, of some kinds. Changes that are about no lock come
 * with the empty prefix only. Immutable.
 */
public final class EventFilter {

    /** Every change there is. */
    public static final EventFilter ALL = new EventFilter("", EventKind.ALL);

    private final String prefix;
    private final Set<Change.Kind> kinds = EnumSet.noneOf(Change.Kind.class);
    private final boolean leaders;
    private final boolean members;
    private final boolean all;

    /**
     * Creates a filter.
     *
     * @param prefix of lock names; empty for all, and for what is about no lock
     * @param kinds some of {@link EventKind#ALL}; none means all
     */
    public EventFilter(String prefix, Collection<String> kinds) {
        this.prefix = prefix;
        for (Change.Kind kind : Change.Kind.values()) {
            if (kinds.isEmpty() || kinds.contains(EventKind.of(kind))) {
                this.kinds.add(kind);
            }
        }
        this.leaders = prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.LEADER_CHANGED));
        this.members = prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.MEMBER_CHANGED));
        this.all = leaders && members && this.kinds.size() == Change.Kind.values().length;
    }

    public String prefix() {
        return prefix;
    }

    boolean wantsAll() {
        return all;
    }

    /** Returns whether a change is wanted. */
    public boolean wants(Change change) {
        String lock = change.lock();
        return kinds.contains(change.kind()) && (lock == null ? prefix.isEmpty() : lock.startsWith(prefix));
    }

    boolean wantsLeaders() {
        return leaders;
    }

    boolean wantsMembers() {
        return members;
    }

    /** Returns whether the present sessions belong to the state that a reader with this filter follows. */
    public boolean wantsSessions() {
        return prefix.isEmpty()
                && (kinds.contains(Change.Kind.SESSION_OPENED) || kinds.contains(Change.Kind.SESSION_ENDED));
    }
}

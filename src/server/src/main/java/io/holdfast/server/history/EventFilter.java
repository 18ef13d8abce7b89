package io.holdfast.server.history;

import io.holdfast.lock.Change;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.access.Visible;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which changes a reader is told: those that it wants, of locks whose name begins so and of some kinds, as far as it
 * may be told of them. Changes that are about no lock come with the empty prefix only. Immutable; equal filters want
 * the same.
 */
public final class EventFilter {

    /** Every change there is. */
    public static final EventFilter ALL = new EventFilter("", EventKind.ALL);

    private final String prefix;
    private final NameSet names;
    private final Set<Change.Kind> kinds;
    private final boolean sessions;
    private final boolean leaders;
    private final boolean members;
    private final boolean all;
    private final int hash;

    /**
     * Creates a filter for a reader that may be told everything.
     *
     * @param prefix of lock names; empty for all, and for what is about no lock
     * @param kinds some of {@link EventKind#ALL}; none means all
     */
    public EventFilter(String prefix, Collection<String> kinds) {
        this(
                prefix,
                NameSet.beginningWith(prefix),
                kindsOf(kinds),
                prefix.isEmpty(),
                prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.LEADER_CHANGED)),
                prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.MEMBER_CHANGED)));
    }

    private EventFilter(
            String prefix, NameSet names, Set<Change.Kind> kinds, boolean sessions, boolean leaders, boolean members) {
        this.prefix = prefix;
        this.names = names;
        this.kinds = kinds;
        this.sessions = sessions;
        this.leaders = leaders;
        this.members = members;
        this.all = leaders
                && members
                && sessions
                && names.equals(NameSet.ALL)
                && kinds.size() == Change.Kind.values().length;
        this.hash = 31 * names.hashCode() + kinds.hashCode();
    }

    private static Set<Change.Kind> kindsOf(Collection<String> texts) {
        Set<Change.Kind> kinds = EnumSet.noneOf(Change.Kind.class);
        for (Change.Kind kind : Change.Kind.values()) {
            if (texts.isEmpty() || texts.contains(EventKind.of(kind))) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** Returns the same for a reader that may not be told more than this. */
    public EventFilter under(Visible visible) {
        return visible.equals(Visible.ALL)
                ? this
                : new EventFilter(
                        prefix,
                        visible.locks().within(prefix),
                        kinds,
                        sessions && visible.sessions(),
                        leaders,
                        members && visible.members());
    }

    public String prefix() {
        return prefix;
    }

    /** Returns the locks that it is about. */
    public NameSet names() {
        return names;
    }

    /** Returns whether all that another filter lets pass passes this one too. */
    public boolean includes(EventFilter other) {
        return (sessions || !other.sessions)
                && (leaders || !other.leaders)
                && (members || !other.members)
                && kinds.containsAll(other.kinds)
                && names.containsAll(other.names);
    }

    boolean wantsAll() {
        return all;
    }

    /** Returns whether a change is wanted. */
    public boolean wants(Change change) {
        String lock = change.lock();
        return kinds.contains(change.kind()) && (lock == null ? sessions : names.contains(lock));
    }

    boolean wantsLeaders() {
        return leaders;
    }

    boolean wantsMembers() {
        return members;
    }

    /** Returns whether the present sessions belong to the state that a reader with this filter follows. */
    public boolean wantsSessions() {
        return sessions && (kinds.contains(Change.Kind.SESSION_OPENED) || kinds.contains(Change.Kind.SESSION_ENDED));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof EventFilter filter
                        && hash == filter.hash
                        && sessions == filter.sessions
                        && leaders == filter.leaders
                        && members == filter.members
                        && prefix.equals(filter.prefix)
                        && names.equals(filter.names)
                        && kinds.equals(filter.kinds));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

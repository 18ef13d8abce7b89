package io.holdfast.server.history;

import io.holdfast.lock.Change;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.access.Visible;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes a reader gets: those that it asked for, of locks with a prefix and of some kinds, as far as its caller
 * may see them. Changes that are about no lock come with the empty prefix only. Immutable; equal filters select the
 * same changes.
 */
public final class EventFilter {

    /** Every change there is. */
    public static final EventFilter ALL = new EventFilter("", EventKind.ALL);

    private static final Set<Change.Kind> OF_SESSIONS =
            EnumSet.of(Change.Kind.SESSION_OPENED, Change.Kind.SESSION_ATTACHED, Change.Kind.SESSION_ENDED);

    private final String prefix;
    private final Set<Change.Kind> kinds;
    private final boolean leaders;

    /** What it lets pass at most; no more of it than matters here. */
    private final Visible visible;

    private final boolean all;
    private final int hash;

    /**
     * Creates a filter for a reader that may see everything.
     *
     * @param prefix of lock names; empty for all, and for what is about no lock
     * @param kinds some of {@link EventKind#ALL}; none means all
     */
    public EventFilter(String prefix, Collection<String> kinds) {
        this(
                prefix,
                kindsOf(kinds),
                prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.LEADER_CHANGED)),
                new Visible(
                        NameSet.beginningWith(prefix),
                        "",
                        prefix.isEmpty() && (kinds.isEmpty() || kinds.contains(EventKind.MEMBER_CHANGED))));
    }

    private EventFilter(String prefix, Set<Change.Kind> kinds, boolean leaders, Visible visible) {
        this.prefix = prefix;
        this.kinds = kinds;
        this.leaders = leaders;
        this.visible = visible;
        this.all = leaders && visible.equals(Visible.ALL) && kinds.size() == Change.Kind.values().length;
        this.hash = 31 * visible.hashCode() + kinds.hashCode();
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

    /** Returns the same for a reader that may see no more than this. */
    public EventFilter under(Visible most) {
        boolean isOfSessions = prefix.isEmpty() && kinds.stream().anyMatch(OF_SESSIONS::contains);
        return most.equals(Visible.ALL)
                ? this
                : new EventFilter(
                        prefix,
                        kinds,
                        leaders,
                        new Visible(
                                most.locks().within(prefix),
                                isOfSessions ? most.owner() : "",
                                most.members() && visible.members()));
    }

    public String prefix() {
        return prefix;
    }

    /** Returns the locks that it is about. */
    public NameSet names() {
        return visible.locks();
    }

    /** Returns whether all that another filter lets pass, which was made of the same one, passes this one too. */
    public boolean includes(EventFilter other) {
        return (visible.members() || !other.visible.members())
                && (visible.owner().isEmpty() || visible.owner().equals(other.visible.owner()))
                && visible.locks().containsAll(other.visible.locks());
    }

    boolean wantsAll() {
        return all;
    }

    /**
     * Returns whether a change is wanted.
     *
     * @param owner of the session, when it is about one; null when that is not known any more
     */
    public boolean wants(Change change, @Nullable String owner) {
        String lock = change.lock();
        if (!kinds.contains(change.kind())) {
            return false;
        }
        return lock == null
                ? prefix.isEmpty() && wantsSessionOf(owner)
                : visible.locks().contains(lock);
    }

    /**
     * Returns whether changes of sessions of a principal are wanted.
     *
     * @param owner null when it is not known
     */
    public boolean wantsSessionOf(@Nullable String owner) {
        return owner == null ? visible.owner().isEmpty() : visible.hasSessionOf(owner);
    }

    boolean wantsLeaders() {
        return leaders;
    }

    boolean wantsMembers() {
        return visible.members();
    }

    /** Returns whether the present sessions belong to the state that a reader with this filter follows. */
    public boolean wantsSessions() {
        return prefix.isEmpty()
                && (kinds.contains(Change.Kind.SESSION_OPENED) || kinds.contains(Change.Kind.SESSION_ENDED));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof EventFilter filter
                        && hash == filter.hash
                        && leaders == filter.leaders
                        && prefix.equals(filter.prefix)
                        && visible.equals(filter.visible)
                        && kinds.equals(filter.kinds));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

package io.holdfast.server.history;

import io.holdfast.lock.Change;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A committed transaction in the history of one node, with the way to the next one. Immutable but for that way; any
 * thread may read it. An entry that history forgets cuts its way: what is held of it keeps nothing else in memory, and
 * its holder has to look its place up again by revision.
 */
public final class Committed {

    /** What follows an entry that history has forgotten. */
    private static final Committed LOST = new Committed(Type.GAP, Long.MAX_VALUE, 0, List.of(), Map.of(), null);

    private static final int WEIGHT = 160;
    private static final int WEIGHT_OF_A_CHANGE = 320;

    /** Its text is that of the session. */
    private static final int WEIGHT_OF_AN_OWNER = 64;

    /** What an entry stands for. */
    private enum Type {
        TRANSACTION,
        /** The first transaction of an epoch comes next. */
        EPOCH,
        /** A configuration came into force. */
        MEMBERS,
        /** What was committed before is not known here. */
        GAP
    }

    private final Type type;
    private final long revision;
    private final long atMillis;
    private final List<Change> changes;
    private final @Nullable MembersNow members;
    private final Map<Long, String> owners;
    private final Parts parts;
    private long number;
    private volatile @Nullable Committed next;

    private Committed(
            Type type,
            long revision,
            long atMillis,
            List<Change> changes,
            Map<Long, String> owners,
            @Nullable MembersNow members) {
        this.type = type;
        this.revision = revision;
        this.atMillis = atMillis;
        this.changes = changes;
        this.owners = owners;
        this.members = members;
        this.parts = new Parts(this);
    }

    static Committed transaction(long revision, long atMillis, List<Change> changes, Map<Long, String> owners) {
        return new Committed(Type.TRANSACTION, revision, atMillis, changes, owners, null);
    }

    static Committed epoch(long revision, long atMillis) {
        return new Committed(Type.EPOCH, revision, atMillis, List.of(), Map.of(), null);
    }

    static Committed members(long revision, long atMillis, MembersNow members) {
        return new Committed(Type.MEMBERS, revision, atMillis, List.of(), Map.of(), members);
    }

    static Committed gap(long revision) {
        return new Committed(Type.GAP, revision, 0, List.of(), Map.of(), null);
    }

    /** Returns its revision; for the place before all that is known the revision up to which nothing is. */
    public long revision() {
        return revision;
    }

    /** Returns its number among the entries of this node's history: the next one has the next number. */
    public long number() {
        return number;
    }

    /** Returns its changes in order; none for what is not about locks and sessions. */
    public List<Change> changes() {
        return changes;
    }

    /** Returns the principal that the session of a change belongs to; null when that is not known. */
    public @Nullable String owner(Change change) {
        return owners.isEmpty() ? null : owners.get(change.session());
    }

    public long atMillis() {
        return atMillis;
    }

    /**
     * Returns what was committed next; null when nothing was yet. One for which {@link #isLost} is true when history
     * has forgotten this entry.
     */
    public @Nullable Committed next() {
        return next;
    }

    /** Returns whether it stands for entries that history has forgotten, so that nothing follows from here. */
    public boolean isLost() {
        return this == LOST;
    }

    /** Returns whether history has forgotten it, so that the way from it is cut. */
    public boolean isGone() {
        return next == LOST;
    }

    /** Is followed by another; before that, numbers it. */
    void follow(Committed following) {
        following.number = number + 1;
        next = following;
    }

    /** Cuts the way from it and lets go of its encoded messages. */
    void forget() {
        next = LOST;
        parts.release();
    }

    /** Returns about how many bytes it takes in memory, its encoded messages included. */
    int weight() {
        int weight = WEIGHT
                + WEIGHT_OF_AN_OWNER * owners.size()
                + (members == null ? 0 : WEIGHT * members.members().size());
        Change.Holder holder = null;
        int ofHolder = 0;
        for (Change change : changes) {
            // The changes of a set have the same one.
            if (!Objects.equals(change.holder(), holder)) {
                holder = change.holder();
                ofHolder = EventJson.bytes(holder);
            }
            weight += WEIGHT_OF_A_CHANGE + 2 * (length(change.lock()) + length(change.grant()) + ofHolder);
        }
        return weight;
    }

    static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /**
     * Some of the changes of an entry, as one message.
     *
     * @param message has an id when no wanted change comes after it
     * @param changes how many it has
     * @param next the index at which the rest begins; that of the end when nothing that is wanted is left
     */
    public record Part(Message message, int changes, int next) {}

    /** Returns the index behind its last change; an entry without changes has one message, which is no change. */
    public int end() {
        return Math.max(1, changes.size());
    }

    /**
     * Returns the first message for a reader with this filter.
     *
     * @param from index of the first change that was not said yet
     * @return null when it wants none of the changes from there on
     */
    public @Nullable Part part(int from, EventFilter filter) {
        return switch (type) {
            case GAP -> null;
            case EPOCH -> filter.wantsLeaders() ? parts.only() : null;
            case MEMBERS -> filter.wantsMembers() ? parts.only() : null;
            case TRANSACTION -> filter.wantsAll() ? parts.whole(from) : parts.of(from, filter);
        };
    }

    /** Returns how many of its changes a reader with this filter wants. */
    public int count(EventFilter filter) {
        if (type != Type.TRANSACTION || filter.wantsAll()) {
            return end();
        }
        return (int) changes.stream()
                .filter(change -> filter.wants(change, owner(change)))
                .count();
    }

    /**
     * Returns the first message of some changes, for one reader alone and without an id: it must not go on from there.
     *
     * @param from as for {@link #part}
     * @return null when none of the changes from there on is wanted
     */
    public @Nullable Part aside(int from, Predicate<Change> wanted) {
        return type == Type.TRANSACTION ? parts.aside(from, wanted) : null;
    }

    /** Returns the data of the message that it is, if it has no changes of locks and sessions. */
    public StringBuilder data() {
        return members != null ? EventJson.members(revision, atMillis, members) : EventJson.epoch(revision, atMillis);
    }
}

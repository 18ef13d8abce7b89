package io.holdfast.server.history;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A committed transaction in the history of one node, with the way to the next one. Immutable but for that way; any
 * thread may read it, and whoever holds one can go on from it without a gap for as long as it likes.
 */
public final class Committed {

    private static final int WEIGHT = 160;
    private static final int WEIGHT_OF_A_CHANGE = 320;

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
    private volatile @Nullable Message whole;
    private volatile @Nullable Part part;
    private volatile @Nullable Committed next;
    private volatile boolean gone;

    /** The message for readers who want some of the changes. */
    private record Part(long mask, Message message) {}

    private Committed(Type type, long revision, long atMillis, List<Change> changes, @Nullable MembersNow members) {
        this.type = type;
        this.revision = revision;
        this.atMillis = atMillis;
        this.changes = changes;
        this.members = members;
    }

    static Committed transaction(long revision, long atMillis, List<Change> changes) {
        return new Committed(Type.TRANSACTION, revision, atMillis, changes, null);
    }

    static Committed epoch(long revision, long atMillis) {
        return new Committed(Type.EPOCH, revision, atMillis, List.of(), null);
    }

    static Committed members(long revision, long atMillis, MembersNow members) {
        return new Committed(Type.MEMBERS, revision, atMillis, List.of(), members);
    }

    static Committed gap(long revision) {
        return new Committed(Type.GAP, revision, 0, List.of(), null);
    }

    /** Returns its revision; for a gap the revision up to which nothing is known. */
    public long revision() {
        return revision;
    }

    /** Returns whether what was committed up to its revision is not known here. */
    public boolean isGap() {
        return type == Type.GAP;
    }

    /** Returns its changes in order; none for what is not about locks and sessions. */
    public List<Change> changes() {
        return changes;
    }

    public long atMillis() {
        return atMillis;
    }

    /** Returns what was committed next; null when nothing was yet. */
    public @Nullable Committed next() {
        return next;
    }

    /** Returns whether history gave it up, so that it is only kept by those who still hold it. */
    public boolean isGone() {
        return gone;
    }

    void follow(Committed following) {
        next = following;
    }

    void forget() {
        gone = true;
    }

    /** Returns about how many bytes it takes in memory, its encoded message included. */
    int weight() {
        int weight = WEIGHT + (members == null ? 0 : WEIGHT * members.members().size());
        for (Change change : changes) {
            weight += WEIGHT_OF_A_CHANGE + 2 * (length(change.lock()) + length(change.grant()));
        }
        return weight;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Returns the message for a reader with this filter; null when it wants none of the changes. */
    public @Nullable Message message(EventFilter filter) {
        if (type == Type.GAP) {
            return null;
        }
        if (type == Type.EPOCH) {
            return filter.wantsLeaders() ? whole() : null;
        }
        if (type == Type.MEMBERS) {
            return filter.wantsMembers() ? whole() : null;
        }
        return filter.wantsAll() ? whole() : message(filter::wants);
    }

    /** Returns the message with the wanted changes of a transaction; null when there are none. */
    public @Nullable Message message(Predicate<Change> wanted) {
        long mask = 0;
        int count = 0;
        for (int i = 0; i < changes.size(); i++) {
            if (wanted.test(changes.get(i))) {
                mask |= 1L << i;
                count++;
            }
        }
        if (count == 0) {
            return null;
        }
        if (count == changes.size()) {
            return whole();
        }
        return changes.size() > Long.SIZE ? encode(wanted) : part(mask, wanted);
    }

    /** Two threads may encode the same: the messages are equal. */
    private Message whole() {
        Message known = whole;
        if (known == null) {
            known = encode(change -> true);
            whole = known;
        }
        return known;
    }

    private Message part(long mask, Predicate<Change> wanted) {
        Part known = part;
        if (known == null || known.mask != mask) {
            known = new Part(mask, encode(wanted));
            part = known;
        }
        return known.message;
    }

    private Message encode(Predicate<Change> wanted) {
        StringBuilder data;
        if (members != null) {
            data = EventJson.members(revision, atMillis, members);
        } else {
            data = type == Type.EPOCH
                    ? EventJson.epoch(revision, atMillis)
                    : EventJson.transaction(revision, atMillis, changes, wanted);
        }
        return Message.of("change", Revision.text(revision), data);
    }
}

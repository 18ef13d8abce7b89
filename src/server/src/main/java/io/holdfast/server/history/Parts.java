package io.holdfast.server.history;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one entry of history, bounded in changes and bytes, each encoded once for all readers that want the
 * same changes. For any thread.
 */
final class Parts {

    /** Changes of one message. */
    static final int CHANGES_MAX = 200;

    /** Bytes of one message, about; a single change may be more. */
    static final int BYTES_MAX = 32 * 1024;

    private static final Committed.Part[] NONE = {};

    private final Committed entry;

    /** The first messages of all changes, in order. */
    private volatile Committed.Part[] whole = NONE;

    /** The last message that was encoded for readers with a filter. */
    private volatile @Nullable Some some;

    /**
     * A message of some of the changes.
     *
     * @param chosen indexes of its changes
     */
    private record Some(BitSet chosen, Committed.Part part) {}

    /**
     * Changes that fit into one message.
     *
     * @param next index of the first wanted change that does not fit, or of the end
     */
    private record Choice(BitSet chosen, int next) {

        boolean isAll(int from) {
            return chosen.cardinality() == next - from;
        }
    }

    Parts(Committed entry) {
        this.entry = entry;
    }

    /** Returns the message of an entry that has no changes of locks and sessions. */
    synchronized Committed.Part only() {
        if (whole.length == 0) {
            Message message = Message.shared("change", Revision.text(entry.revision()), entry.data());
            whole = new Committed.Part[] {new Committed.Part(message, 1, entry.end())};
        }
        return whole[0];
    }

    /** Returns the message of all changes from an index on that fit. */
    Committed.@Nullable Part whole(int from) {
        int begins = 0;
        for (Committed.Part part : whole) {
            if (begins == from) {
                return part;
            }
            begins = part.next();
        }
        Choice choice = choose(from, change -> true);
        return choice == null ? null : whole(from, choice);
    }

    /** Returns the message of the wanted changes from an index on that fit. */
    Committed.@Nullable Part of(int from, Predicate<Change> wanted) {
        Choice choice = choose(from, wanted);
        if (choice == null) {
            return null;
        }
        if (choice.isAll(from)) {
            return whole(from, choice);
        }
        Some known = some;
        if (known == null
                || known.part().next() != choice.next()
                || !known.chosen().equals(choice.chosen())) {
            known = new Some(choice.chosen(), encode(choice, true));
            some = known;
        }
        return known.part();
    }

    /** Returns the message, without an id, of the wanted changes from an index on that fit. */
    Committed.@Nullable Part aside(int from, Predicate<Change> wanted) {
        Choice choice = choose(from, wanted);
        return choice == null ? null : encode(choice, false);
    }

    /** Encodes it unless another thread has; keeps it if it goes on where the ones before end. */
    private synchronized Committed.Part whole(int from, Choice choice) {
        Committed.Part[] known = whole;
        int begins = 0;
        for (Committed.Part part : known) {
            if (begins == from) {
                return part;
            }
            begins = part.next();
        }
        Committed.Part part = encode(choice, true);
        if (begins == from) {
            Committed.Part[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = part;
            whole = more;
        }
        return part;
    }

    private @Nullable Choice choose(int from, Predicate<Change> wanted) {
        List<Change> changes = entry.changes();
        BitSet chosen = new BitSet();
        int count = 0;
        int bytes = 0;
        int at = from;
        for (; at < changes.size(); at++) {
            Change change = changes.get(at);
            if (wanted.test(change)) {
                int more = EventJson.bytes(change);
                if (count == CHANGES_MAX || (count > 0 && bytes + more > BYTES_MAX)) {
                    break;
                }
                chosen.set(at);
                count++;
                bytes += more;
            }
        }
        return count == 0 ? null : new Choice(chosen, at);
    }

    private Committed.Part encode(Choice choice, boolean shared) {
        List<Change> said = new ArrayList<>(choice.chosen().cardinality());
        choice.chosen().stream().forEach(i -> said.add(entry.changes().get(i)));
        StringBuilder data = EventJson.transaction(entry.revision(), entry.atMillis(), said);
        if (!shared) {
            return new Committed.Part(Message.of("change", null, data), said.size(), choice.next());
        }
        boolean last = choice.next() == entry.end();
        Message message = Message.shared("change", last ? Revision.text(entry.revision()) : null, data);
        return new Committed.Part(message, said.size(), choice.next());
    }

    /** Releases the bytes; a reader that writes some of them keeps them until they are written. */
    void release() {
        for (Committed.Part part : whole) {
            part.message().release();
        }
        Some last = some;
        if (last != null) {
            last.part().message().release();
        }
    }
}

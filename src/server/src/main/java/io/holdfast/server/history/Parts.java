package io.holdfast.server.history;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
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

    /** Up to so many changes are chosen anew for each reader: that costs less than to look the choice up. */
    private static final int FEW = 64;

    /** Choices of filters that are kept; what they have together is no more than the entry has, or one message. */
    private static final int SOME_MAX = 128;

    private static final Committed.Part[] NONE = {};
    private static final Some[] NO_SOME = {};

    private final Committed entry;

    /** The first messages of all changes, in order. */
    private volatile Committed.Part[] whole = NONE;

    /** What readers with a filter were given last, the newest first; replaced as a whole. */
    private volatile Some[] some = NO_SOME;

    /**
     * The message that readers with one filter get.
     *
     * @param from index of the first change that was not sent yet
     * @param chosen indexes of its changes; empty when none is wanted
     * @param part null when none is wanted
     */
    private record Some(EventFilter filter, int from, BitSet chosen, Committed.@Nullable Part part) {

        boolean isOf(int other, EventFilter asking) {
            return from == other && filter.equals(asking);
        }

        boolean is(Choice choice) {
            return part != null && part.next() == choice.next() && chosen.equals(choice.chosen());
        }
    }

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
    Committed.@Nullable Part of(int from, EventFilter filter) {
        Some[] known = some;
        boolean isLarge = entry.changes().size() > FEW;
        for (int i = 0; isLarge && i < known.length; i++) {
            if (known[i].isOf(from, filter)) {
                return known[i].part();
            }
        }
        Choice choice = choose(from, change -> filter.wants(change, entry.owner(change)));
        if (choice != null && choice.isAll(from)) {
            return whole(from, choice);
        }
        if (choice == null && !isLarge) {
            return null;
        }
        for (int i = 0; choice != null && i < known.length; i++) {
            if (known[i].is(choice)) {
                // Readers with other rights are given the same bytes.
                return isLarge ? keep(new Some(filter, from, choice.chosen(), known[i].part())) : known[i].part();
            }
        }
        return keep(
                choice == null
                        ? new Some(filter, from, new BitSet(), null)
                        : new Some(filter, from, choice.chosen(), encode(choice, true)));
    }

    /** Keeps it in front of those before, as many as fit. */
    private synchronized Committed.@Nullable Part keep(Some newest) {
        List<Some> kept = new ArrayList<>();
        kept.add(newest);
        int changes = newest.chosen().cardinality();
        for (Some before : some) {
            changes += before.chosen().cardinality();
            if (kept.size() == SOME_MAX
                    || changes > Math.max(CHANGES_MAX, entry.changes().size())) {
                break;
            }
            kept.add(before);
        }
        some = kept.toArray(Some[]::new);
        return newest.part();
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
        // Readers with different filters may have the same one.
        Arrays.stream(some)
                .map(Some::part)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(part -> part.message().release());
    }
}

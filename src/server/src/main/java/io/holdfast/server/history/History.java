package io.holdfast.server.history;

import io.holdfast.lock.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest committed transactions of one node that changed something, bounded in number and bytes. What a revision
 * says is the same on every node; how far back history reaches is not: it begins with the state that the node started
 * from or was sent, and grows with what is applied, the log's replay after a restart included.
 *
 * <p>Written on the node's context. {@link #last} and {@link #upTo} may be read by any thread.
 */
public final class History {

    private final int txnsMax;
    private final long bytesMax;
    private final TreeMap<Long, Committed> kept = new TreeMap<>();

    /** Of the locks that transactions in {@link #kept} changed: the last one that did. */
    private final Map<String, Long> lastChanges = new HashMap<>();

    /** Directly before the first one kept. */
    private Committed before = Committed.gap(0);

    private long floor;
    private long bytes;
    private volatile Committed last = before;
    private volatile long upTo;

    /** Creates one that knows nothing after revision 0. */
    public History(int txnsMax, long bytesMax) {
        this.txnsMax = txnsMax;
        this.bytesMax = bytesMax;
    }

    /** Notes a transaction that was applied, whether or not it changed anything. */
    public void append(long revision, long atMillis, List<Change> changes) {
        append(revision, atMillis, changes.isEmpty() ? null : Committed.transaction(revision, atMillis, changes));
    }

    /** Notes a configuration that came into force. */
    public void append(long revision, long atMillis, MembersNow members) {
        append(revision, atMillis, Committed.members(revision, atMillis, members));
    }

    private void append(long revision, long atMillis, @Nullable Committed entry) {
        long epochBegan = revision & ~0xFFFF_FFFFL;
        if (epochBegan > upTo) {
            add(Committed.epoch(epochBegan, atMillis));
        }
        if (entry != null) {
            add(entry);
        }
        // After the entry: who reads this first and then the entries has seen everything up to it.
        upTo = revision;
    }

    private void add(Committed committed) {
        kept.put(committed.revision(), committed);
        bytes += committed.weight();
        for (Change change : committed.changes()) {
            if (change.lock() != null) {
                lastChanges.put(change.lock(), committed.revision());
            }
        }
        last.follow(committed);
        last = committed;
        while (kept.size() > txnsMax || (bytes > bytesMax && kept.size() > 1)) {
            forget(kept.pollFirstEntry().getValue());
        }
    }

    private void forget(Committed oldest) {
        for (Change change : oldest.changes()) {
            if (change.lock() != null) {
                lastChanges.remove(change.lock(), oldest.revision());
            }
        }
        oldest.forget();
        bytes -= oldest.weight();
        floor = oldest.revision();
        before = oldest;
    }

    /** The state was replaced by one at this revision: what led to it is not known here. */
    public void restart(long revision) {
        Committed gap = Committed.gap(revision);
        kept.clear();
        lastChanges.clear();
        bytes = 0;
        floor = revision;
        before = gap;
        last.follow(gap);
        last = gap;
        upTo = revision;
    }

    /** Returns the newest entry; any thread. */
    public Committed last() {
        return last;
    }

    /** Returns the last transaction applied, also one that changed nothing; any thread. */
    public long upTo() {
        return upTo;
    }

    /** Returns the revision after which everything is known. */
    public long floor() {
        return floor;
    }

    /** Returns the entry after which what follows {@code revision} comes; null when that is not known any more. */
    public @Nullable Committed at(long revision) {
        if (revision < floor) {
            return null;
        }
        Map.Entry<Long, Committed> entry = kept.floorEntry(revision);
        return entry == null ? before : entry.getValue();
    }

    /** Returns whether a lock changed after {@code revision}, or may have because that is not known any more. */
    public boolean mayHaveChanged(String lock, long revision) {
        Long changed = lastChanges.get(lock);
        return changed == null ? revision < floor : changed > revision;
    }

    public int size() {
        return kept.size();
    }

    /** Returns about how many bytes it takes in memory. */
    public long bytes() {
        return bytes;
    }
}

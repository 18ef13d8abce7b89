package io.holdfast.server.history;

import io.holdfast.lock.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest committed transactions of one node that changed something, bounded in number and bytes. What a revision
 * says is the same on every node; how far back history reaches is not: it begins with the state that the node started
 * from or was sent, and grows with what is applied, the log's replay after a restart included.
 *
 * <p>What it forgets is cut off from what it keeps ({@link Committed#isGone}), so no position in it keeps more in
 * memory than the entry itself.
 *
 * <p>Written on the node's context. Any thread may look for places in it.
 */
public final class History {

    private final int txnsMax;
    private final long bytesMax;
    private final ConcurrentSkipListMap<Long, Committed> kept = new ConcurrentSkipListMap<>();

    /** Of the locks that transactions in {@link #kept} changed: the last one that did. */
    private final Map<String, Long> lastChanges = new HashMap<>();

    /** Directly before the first one kept. */
    private volatile Committed before = Committed.gap(0);

    private int size;
    private long bytes;
    private volatile Committed last = before;
    private volatile long upTo;

    /** Creates one that knows nothing after revision 0. */
    public History(int txnsMax, long bytesMax) {
        this.txnsMax = txnsMax;
        this.bytesMax = bytesMax;
    }

    /** Notes a transaction that was applied, without the owners of sessions. */
    public void append(long revision, long atMillis, List<Change> changes) {
        append(revision, atMillis, changes, Map.of());
    }

    /**
     * Notes a transaction that was applied, whether or not it changed anything.
     *
     * @param owners principals of the sessions that changes are about, by their ids
     */
    public void append(long revision, long atMillis, List<Change> changes, Map<Long, String> owners) {
        append(
                revision,
                atMillis,
                changes.isEmpty() ? null : Committed.transaction(revision, atMillis, changes, owners));
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
        size++;
        bytes += committed.weight();
        for (Change change : committed.changes()) {
            if (change.lock() != null) {
                lastChanges.put(change.lock(), committed.revision());
            }
        }
        last.follow(committed);
        kept.put(committed.revision(), committed);
        last = committed;
        while (size > txnsMax || (bytes > bytesMax && size > 1)) {
            forget(kept.firstEntry().getValue());
        }
    }

    private void forget(Committed oldest) {
        for (Change change : oldest.changes()) {
            if (change.lock() != null) {
                lastChanges.remove(change.lock(), oldest.revision());
            }
        }
        size--;
        bytes -= oldest.weight();
        Committed forgotten = before;
        before = oldest;
        kept.remove(oldest.revision());
        forgotten.forget();
    }

    /** The state was replaced by one at this revision: what led to it is not known here. */
    public void restart(long revision) {
        Committed gap = Committed.gap(revision);
        Committed forgotten = before;
        last.follow(gap);
        before = gap;
        last = gap;
        upTo = revision;
        forgotten.forget();
        kept.values().forEach(Committed::forget);
        kept.clear();
        lastChanges.clear();
        size = 0;
        bytes = 0;
    }

    /** Returns the newest entry; any thread. */
    public Committed last() {
        return last;
    }

    /** Returns the last transaction applied, also one that changed nothing; any thread. */
    public long upTo() {
        return upTo;
    }

    /** Returns the place after which everything is known; any thread. Its revision is the floor. */
    public Committed floor() {
        return before;
    }

    /**
     * Returns when the oldest entry that is kept was asked for, by the wall clock; 0 when there is none; any thread.
     */
    public long oldestAtMillis() {
        Map.Entry<Long, Committed> oldest = kept.firstEntry();
        return oldest == null ? 0 : oldest.getValue().atMillis();
    }

    /**
     * Returns the entry after which what follows {@code revision} comes; any thread.
     *
     * @return null when that is not known any more; else an entry that was not gone when it was found
     */
    public @Nullable Committed at(long revision) {
        while (true) {
            Committed floor = before;
            if (revision < floor.revision()) {
                return null;
            }
            Map.Entry<Long, Committed> entry = kept.floorEntry(revision);
            Committed found = entry == null ? floor : entry.getValue();
            if (!found.isGone()) {
                return found;
            }
        }
    }

    /** Returns whether a lock changed after {@code revision}, or may have because that is not known any more. */
    public boolean mayHaveChanged(String lock, long revision) {
        Long changed = lastChanges.get(lock);
        return changed == null ? revision < before.revision() : changed > revision;
    }

    /** Returns how many entries are kept; on the node's context. */
    public int size() {
        return size;
    }

    /** Returns about how many bytes it takes in memory; on the node's context. */
    public long bytes() {
        return bytes;
    }
}

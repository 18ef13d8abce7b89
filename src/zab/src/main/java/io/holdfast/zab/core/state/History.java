package io.holdfast.zab.core.state;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.List;

/**
 * The newest transactions of a server's log, in order and without a gap, committed or not; kept in memory so that
 * learners that lag are served without reading the disk.
 *
 * <p>A ring of references: append and drop are O(1), look-ups by zxid O(log n).
 */
public final class History {

    private static final int INITIAL_CAPACITY = 1024;

    /** What precedes the oldest transaction held. */
    private Position start;

    /**
     * Invariant: {@code size} entries from {@code head}, each following the one before; the first follows
     * {@code start}.
     */
    private Txn[] ring = new Txn[INITIAL_CAPACITY];

    private int head;
    private int size;
    private long weight;

    public History(Position start, List<Txn> txns) {
        this.start = start;
        for (Txn txn : txns) {
            append(txn);
        }
    }

    /**
     * Returns whether a transaction that a peer sent is what comes next: asked before {@link #append} of such a one.
     */
    public boolean continuesWith(Txn txn) {
        Position last = last();
        return txn.previous().equals(last.zxid()) && txn.zxid().follows(last.zxid()) && txn.chainsTo(last.chainHash());
    }

    /** Adds a transaction, which must follow the last one. */
    public void append(Txn txn) {
        Position last = last();
        Invariant.check(
                txn.previous().equals(last.zxid()) && txn.zxid().isAfter(last.zxid()),
                "transaction %s (after %s) leaves a gap after %s",
                txn.zxid(),
                txn.previous(),
                last.zxid());
        Invariant.check(txn.chainsTo(last.chainHash()), "transaction %s does not match its chain hash", txn.zxid());
        if (size == ring.length) {
            grow();
        }
        ring[index(size)] = txn;
        size++;
        weight += txn.weight();
    }

    /** Drops all transactions after {@code to}, which must be {@link #contains contained}. */
    public void truncate(Zxid to) {
        Invariant.check(contains(to), "cannot truncate to %s, which is not in the history", to);
        while (size > 0 && get(size - 1).zxid().isAfter(to)) {
            size--;
            weight -= ring[index(size)].weight();
            ring[index(size)] = null;
        }
    }

    /** Forgets everything: the history now starts after {@code position}. */
    public void reset(Position position) {
        ring = new Txn[INITIAL_CAPACITY];
        head = 0;
        size = 0;
        weight = 0;
        start = position;
    }

    /**
     * Forgets the oldest transactions up to {@code limit} as long as more than {@code txns} or {@code bytes} are held.
     */
    public void trim(Zxid limit, int txns, long bytes) {
        while (size > 0 && (size > txns || weight > bytes)) {
            Txn oldest = ring[head];
            if (oldest.zxid().isAfter(limit)) {
                return;
            }
            start = new Position(oldest.zxid(), oldest.chainHash());
            weight -= oldest.weight();
            ring[head] = null;
            head = head + 1 & ring.length - 1;
            size--;
        }
    }

    public Position start() {
        return start;
    }

    public Position last() {
        return size == 0 ? start : position(get(size - 1));
    }

    public int size() {
        return size;
    }

    /** Returns the bytes that the transactions held count for. */
    public long weight() {
        return weight;
    }

    /** Returns the transaction at {@code index}, 0 being the oldest held. */
    public Txn get(int index) {
        return ring[index(index)];
    }

    /** Returns whether {@code zxid} is where the history starts or one of its transactions. */
    public boolean contains(Zxid zxid) {
        return zxid.compareTo(start.zxid()) >= 0 && floor(zxid).zxid().equals(zxid);
    }

    /** Returns the greatest position at or before {@code zxid}, which must not be before {@link #start}. */
    public Position floor(Zxid zxid) {
        Invariant.check(zxid.compareTo(start.zxid()) >= 0, "%s is before the history's start %s", zxid, start.zxid());
        int after = firstAfter(zxid);
        return after == 0 ? start : position(get(after - 1));
    }

    /** Returns the index of the first transaction after {@code zxid}; {@link #size} when there is none. */
    public int firstAfter(Zxid zxid) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).zxid().isAfter(zxid)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static Position position(Txn txn) {
        return new Position(txn.zxid(), txn.chainHash());
    }

    private int index(int offset) {
        return head + offset & ring.length - 1;
    }

    private void grow() {
        Txn[] larger = new Txn[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        ring = larger;
        head = 0;
    }
}

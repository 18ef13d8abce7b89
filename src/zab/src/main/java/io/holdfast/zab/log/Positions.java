package io.holdfast.zab.log;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Zxid;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The positions of a history after a base, 16 bytes each: what the chain hash at a truncation's target is looked up in.
 *
 * <p>The base is the newest snapshot, so this is as long as the transactions between two snapshots are many.
 */
final class Positions {

    private Position base;
    private long[] zxids = new long[64];
    private long[] hashes = new long[64];
    private int size;

    Positions(Position base) {
        this.base = base;
    }

    Position base() {
        return base;
    }

    Position last() {
        return size == 0 ? base : new Position(Zxid.unpack(zxids[size - 1]), hashes[size - 1]);
    }

    void add(Position position) {
        if (size == zxids.length) {
            zxids = Arrays.copyOf(zxids, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        zxids[size] = position.zxid().packed();
        hashes[size] = position.chainHash();
        size++;
    }

    /** Returns the position of that zxid; null when the history after the base has none, and it is not the base. */
    @Nullable
    Position find(Zxid zxid) {
        if (zxid.equals(base.zxid())) {
            return base;
        }
        int index = Arrays.binarySearch(zxids, 0, size, zxid.packed());
        return index < 0 ? null : new Position(zxid, hashes[index]);
    }

    /** Makes {@code to} the last; it becomes the base when it is not among these. */
    void truncate(Position to) {
        int index = Arrays.binarySearch(zxids, 0, size, to.zxid().packed());
        if (index >= 0) {
            size = index + 1;
        } else {
            restart(to);
        }
    }

    /** Makes {@code at} the base and keeps what follows; a position that is not among these changes nothing. */
    void dropThrough(Position at) {
        int index = Arrays.binarySearch(zxids, 0, size, at.zxid().packed());
        if (index >= 0) {
            int from = index + 1;
            int capacity = Math.max(64, size - from);
            base = at;
            zxids = Arrays.copyOf(Arrays.copyOfRange(zxids, from, size), capacity);
            hashes = Arrays.copyOf(Arrays.copyOfRange(hashes, from, size), capacity);
            size -= from;
        }
    }

    void restart(Position from) {
        base = from;
        size = 0;
    }
}

package io.holdfast.simulator.check;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What the log of one server amounts to: what is on its disk for good, and what it was given besides, of which a crash
 * may leave any beginning.
 */
public final class DurableLog {

    /** All that recovery must agree with. */
    record State(long acceptedEpoch, @Nullable ServerId acceptedLeader, long currentEpoch, Zxid last, long lastHash) {}

    private final TreeMap<Long, Long> txns = new TreeMap<>();
    private final Queue<LogRecord> pending = new ArrayDeque<>();
    private @Nullable DiskId disk;
    private Position base = Position.START;
    private long acceptedEpoch;
    private @Nullable ServerId acceptedLeader;
    private long currentEpoch;

    void appended(LogRecord record) {
        pending.add(record);
    }

    void durable(LogRecord record) {
        LogRecord expected = pending.remove();
        if (expected != record) {
            throw new Violation("I-DISK", "the log wrote " + record + " where " + expected + " was next");
        }
        apply(record);
    }

    /** Takes over what recovery found; {@link #possibleStates} says whether it may. */
    void recovered(Recovered recovered) {
        disk = recovered.diskId();
        // As much of what was under way as the disk got: what it did to older transactions counts too.
        State found = found(recovered);
        while (!pending.isEmpty() && !state().equals(found)) {
            apply(pending.remove());
        }
        pending.clear();
        acceptedEpoch = recovered.acceptedEpoch();
        acceptedLeader = recovered.acceptedLeader();
        currentEpoch = recovered.currentEpoch();
        // What lies before the recovered window was compared when it was logged.
        Position start = recovered.start();
        txns.tailMap(start.zxid().packed(), false).clear();
        if (start.zxid().isAfter(base.zxid())) {
            base = start;
            txns.put(start.zxid().packed(), start.chainHash());
        }
        recovered.txns().forEach(txn -> txns.put(txn.zxid().packed(), txn.chainHash()));
    }

    /** Returns what recovery found, as a state. */
    static State found(Recovered recovered) {
        Position last = recovered.start();
        if (!recovered.txns().isEmpty()) {
            Txn txn = recovered.txns().get(recovered.txns().size() - 1);
            last = new Position(txn.zxid(), txn.chainHash());
        }
        return new State(
                recovered.acceptedEpoch(),
                recovered.acceptedLeader(),
                recovered.currentEpoch(),
                last.zxid(),
                last.chainHash());
    }

    private void apply(LogRecord record) {
        if (record instanceof LogRecord.Append append) {
            txns.put(append.txn().zxid().packed(), append.txn().chainHash());
        } else if (record instanceof LogRecord.Promise promise) {
            acceptedEpoch = promise.epoch();
            acceptedLeader = promise.leader();
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            currentEpoch = adopt.epoch();
        } else if (record instanceof LogRecord.Truncate truncate) {
            txns.tailMap(truncate.to().packed(), false).clear();
        } else if (record instanceof LogRecord.Snapshot snapshot && snapshot.received()) {
            txns.clear();
            base = snapshot.at();
            // A snapshot holds all that was committed up to it.
            txns.put(base.zxid().packed(), base.chainHash());
        }
    }

    /** Returns every state that a crash may leave now: that on disk, and those after each record that was given. */
    List<State> possibleStates() {
        List<State> states = new ArrayList<>();
        DurableLog copy = copy();
        states.add(copy.state());
        for (LogRecord record : pending) {
            copy.apply(record);
            states.add(copy.state());
        }
        return states;
    }

    /** Returns the chain hash of the newest transaction of a kind, on disk or on its way there; null without one. */
    @Nullable
    Long newest(LongPredicate isOfKind) {
        List<LogRecord> given = new ArrayList<>(pending);
        for (int i = given.size() - 1; i >= 0; i--) {
            if (given.get(i) instanceof LogRecord.Append append
                    && isOfKind.test(append.txn().chainHash())) {
                return append.txn().chainHash();
            }
        }
        return newestOnDisk(isOfKind);
    }

    /** Returns the chain hash of the newest transaction of a kind that is on disk; null without one. */
    @Nullable
    Long newestOnDisk(LongPredicate isOfKind) {
        for (Long hash : txns.descendingMap().values()) {
            if (isOfKind.test(hash)) {
                return hash;
            }
        }
        return null;
    }

    /** Returns the identity of the disk; null before a server started with it. */
    @Nullable
    DiskId disk() {
        return disk;
    }

    private DurableLog copy() {
        DurableLog copy = new DurableLog();
        if (!pending.isEmpty()) {
            copy.txns.putAll(txns);
        } else if (!txns.isEmpty()) {
            copy.txns.put(txns.lastKey(), txns.lastEntry().getValue());
        }
        copy.base = base;
        copy.acceptedEpoch = acceptedEpoch;
        copy.acceptedLeader = acceptedLeader;
        copy.currentEpoch = currentEpoch;
        return copy;
    }

    private State state() {
        return new State(acceptedEpoch, acceptedLeader, currentEpoch, last(), lastHash());
    }

    /** Returns whether this transaction is on disk, or covered by a snapshot that came from a leader. */
    public boolean has(Zxid zxid, long chainHash) {
        Long hash = txns.get(zxid.packed());
        return hash == null ? zxid.compareTo(base.zxid()) <= 0 && !zxid.equals(Zxid.ZERO) : hash == chainHash;
    }

    /** Returns the hash of a transaction that is on disk; null when it is not there one by one. */
    public @Nullable Long hashOf(Zxid zxid) {
        return txns.get(zxid.packed());
    }

    /** Returns the transactions on disk by packed zxid, with their chain hashes. */
    public Map<Long, Long> txns() {
        return txns;
    }

    public Zxid last() {
        return txns.isEmpty() ? base.zxid() : Zxid.unpack(txns.lastKey());
    }

    public long lastHash() {
        return txns.isEmpty() ? base.chainHash() : txns.lastEntry().getValue();
    }

    /** Returns up to where a snapshot from a leader replaced single transactions. */
    public Zxid base() {
        return base.zxid();
    }

    public long acceptedEpoch() {
        return acceptedEpoch;
    }

    public @Nullable ServerId acceptedLeader() {
        return acceptedLeader;
    }

    public long currentEpoch() {
        return currentEpoch;
    }
}

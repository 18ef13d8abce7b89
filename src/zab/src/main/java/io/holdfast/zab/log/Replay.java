package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history as the records build it up again, one after the other. Keeps all transactions after the newest whole
 * snapshot, and of those before it a window for learners that lag.
 */
final class Replay {

    private final LogConfig config;
    private final SegmentHeader first;
    private final List<StoredSnapshot> verified;
    private final LogState state;
    private final ArrayDeque<Txn> txns = new ArrayDeque<>();
    private Position origin;
    private Position start;
    private Zxid floor;
    private long weight;

    /** The newest snapshot of which the log speaks and whose file is not whole; START when there is none. */
    private Position leftOut = Position.START;

    Replay(LogConfig config, SegmentHeader first, Collection<StoredSnapshot> verified) {
        this.config = config;
        this.first = first;
        this.verified = List.copyOf(verified);
        this.state = first.state(at -> stored(at) != null);
        this.origin = first.last();
        this.start = origin;
        this.floor = Zxid.ZERO;
        first.snapshots().forEach(this::raiseFloor);
    }

    LogState state() {
        return state;
    }

    /**
     * Takes the next record in.
     *
     * @throws LogCorruptException a transaction does not follow from the one before
     */
    void take(Entry entry) throws IOException {
        LogRecord record = entry.record();
        if (record == null) {
            return;
        }
        if (record instanceof LogRecord.Append append) {
            append(append.txn(), entry.lsn());
        } else if (record instanceof LogRecord.Truncate truncate) {
            truncate(new Position(truncate.to(), entry.chainHash()));
        }
        if (record instanceof LogRecord.Snapshot snapshot && !snapshot.received() && stored(snapshot.at()) == null) {
            // It must not take the place of a whole one among the two that are kept.
            leftOut = snapshot.at();
            return;
        }
        state.apply(record, entry.chainHash());
        if (record instanceof LogRecord.Snapshot snapshot) {
            if (snapshot.received()) {
                // All log before a received snapshot is void (protocol.md#p5), also as a base to fall back to.
                forgetTo(snapshot.at());
            }
            raiseFloor(snapshot.at());
            trim();
        }
    }

    /** What the records amount to, and the state that the log goes on with. */
    record Outcome(Recovered recovered, LogState state) {}

    /**
     * Ends the replay: chooses the newest snapshot that is whole and that the history reaches back to.
     *
     * @throws LogCorruptException there is none, and the history does not reach back to its beginning either
     */
    Outcome outcome(List<String> notes) throws IOException {
        List<Position> usable = new ArrayList<>();
        for (Position at : state.snapshots()) {
            if (stored(at) != null && isOnHistory(at)) {
                usable.add(at);
            } else {
                notes.add("the snapshot at " + at.zxid() + " is missing or damaged and was left out");
            }
        }
        if (usable.isEmpty()
                || leftOut.zxid().isAfter(usable.get(usable.size() - 1).zxid())) {
            noteLeftOut(notes);
        }
        Position snapshot = usable.isEmpty() ? Position.START : usable.get(usable.size() - 1);
        if (snapshot.zxid().isBefore(start.zxid())) {
            throw new LogCorruptException("No snapshot is whole, and the log begins only after " + start.zxid()
                    + ", so the state before it is lost here.");
        }
        StoredSnapshot stored = stored(snapshot);
        Configuration configuration = stored == null ? first.initial() : stored.configuration();
        floor = snapshot.zxid();
        trim();
        LogState goOn =
                new LogState(snapshot, usable, state.acceptedEpoch(), state.acceptedLeader(), state.currentEpoch());
        for (Txn txn : txns) {
            if (txn.zxid().isAfter(snapshot.zxid())) {
                goOn.apply(new LogRecord.Append(txn), 0);
            }
        }
        Recovered recovered = new Recovered(
                first.diskId(),
                state.acceptedEpoch(),
                state.acceptedLeader(),
                state.currentEpoch(),
                snapshot,
                configuration,
                start,
                new ArrayList<>(txns));
        return new Outcome(recovered, goOn);
    }

    private void noteLeftOut(List<String> notes) {
        if (!leftOut.equals(Position.START)) {
            notes.add("the snapshot at " + leftOut.zxid() + " is missing or damaged and was left out");
        }
    }

    private void append(Txn txn, long lsn) throws IOException {
        try {
            state.checkFollows(txn);
        } catch (IllegalArgumentException e) {
            throw new LogCorruptException(
                    "Record lsn " + lsn + " of the log is whole, but " + e.getMessage()
                            + ": some file is not of this directory, or was put back from a backup.",
                    e);
        }
        txns.addLast(txn);
        weight += txn.weight();
        trim();
    }

    private void truncate(Position to) {
        while (!txns.isEmpty() && txns.getLast().zxid().isAfter(to.zxid())) {
            weight -= txns.removeLast().weight();
        }
        if (to.zxid().isBefore(start.zxid())) {
            forgetTo(to);
        }
    }

    private void forgetTo(Position at) {
        txns.clear();
        weight = 0;
        origin = at;
        start = at;
        floor = Zxid.ZERO;
    }

    private void raiseFloor(Position at) {
        if (stored(at) != null && at.zxid().isAfter(floor)) {
            floor = at.zxid();
        }
    }

    private void trim() {
        while (!txns.isEmpty()
                && !txns.getFirst().zxid().isAfter(floor)
                && (txns.size() > config.windowTxns() || weight > config.windowBytes())) {
            Txn gone = txns.removeFirst();
            weight -= gone.weight();
            start = new Position(gone.zxid(), gone.chainHash());
        }
    }

    private boolean isOnHistory(Position at) {
        if (at.zxid().isBefore(start.zxid())) {
            return !at.zxid().isBefore(origin.zxid());
        }
        if (at.equals(start)) {
            return true;
        }
        for (Txn txn : txns) {
            if (txn.zxid().equals(at.zxid())) {
                return txn.chainHash() == at.chainHash();
            }
        }
        return false;
    }

    private @Nullable StoredSnapshot stored(Position at) {
        for (StoredSnapshot snapshot : verified) {
            if (snapshot.at().equals(at)) {
                return snapshot;
            }
        }
        return null;
    }
}

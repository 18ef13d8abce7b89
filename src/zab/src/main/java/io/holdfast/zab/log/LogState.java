package io.holdfast.zab.log;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the records so far amount to, without the transactions themselves: what the header of the next segment repeats.
 */
final class LogState {

    private static final int SNAPSHOTS_KEPT = 2;

    private final Positions positions;
    private final List<Position> snapshots;
    private long acceptedEpoch;
    private @Nullable ServerId acceptedLeader;
    private long currentEpoch;

    /**
     * Begins at {@code last} with what was known there.
     *
     * @param snapshots at most two, older first
     */
    LogState(
            Position last,
            List<Position> snapshots,
            long acceptedEpoch,
            @Nullable ServerId acceptedLeader,
            long currentEpoch) {
        this.positions = new Positions(last);
        this.snapshots = new ArrayList<>(snapshots);
        this.acceptedEpoch = acceptedEpoch;
        this.acceptedLeader = acceptedLeader;
        this.currentEpoch = currentEpoch;
    }

    Position last() {
        return positions.last();
    }

    /** Returns the two newest snapshots of this history, older first. */
    List<Position> snapshots() {
        return List.copyOf(snapshots);
    }

    long acceptedEpoch() {
        return acceptedEpoch;
    }

    @Nullable
    ServerId acceptedLeader() {
        return acceptedLeader;
    }

    long currentEpoch() {
        return currentEpoch;
    }

    /**
     * Returns the position that a record refers to: the target of a truncation.
     *
     * @throws IllegalArgumentException the history since the newest snapshot does not have it
     */
    Position target(LogRecord.Truncate truncate) {
        Position target = positions.find(truncate.to());
        if (target == null) {
            throw new IllegalArgumentException("cannot truncate to " + truncate.to()
                    + ": it is not in the history from " + positions.base().zxid() + " to " + last().zxid());
        }
        return target;
    }

    /**
     * Checks that a new record may follow.
     *
     * @throws IllegalArgumentException it does not follow
     */
    void check(LogRecord record) {
        if (record instanceof LogRecord.Append append) {
            checkFollows(append.txn());
        } else if (record instanceof LogRecord.Promise promise) {
            if (promise.epoch() < acceptedEpoch) {
                throw new IllegalArgumentException(
                        "promise of epoch " + promise.epoch() + " after one of epoch " + acceptedEpoch);
            }
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            if (adopt.epoch() < currentEpoch) {
                throw new IllegalArgumentException("epoch " + adopt.epoch() + " adopted after " + currentEpoch);
            }
        } else if (record instanceof LogRecord.Truncate truncate) {
            target(truncate);
        } else if (record instanceof LogRecord.Snapshot snapshot && !snapshot.received()) {
            if (!snapshot.at().equals(positions.find(snapshot.at().zxid()))) {
                throw new IllegalArgumentException(
                        "the own snapshot at " + snapshot.at().zxid() + " is not of the history from "
                                + positions.base().zxid() + " to " + last().zxid());
            }
        }
    }

    /**
     * Checks that a transaction directly follows the last one.
     *
     * @throws IllegalArgumentException it does not follow
     */
    void checkFollows(Txn txn) {
        Position last = last();
        if (!txn.previous().equals(last.zxid())
                || !txn.zxid().follows(last.zxid())
                || !txn.chainsTo(last.chainHash())) {
            throw new IllegalArgumentException(
                    "transaction " + txn.zxid() + " (after " + txn.previous() + ") does not follow " + last.zxid());
        }
    }

    /** Takes a record in; {@code truncatedTo} is the target of a truncation, with its hash. */
    void apply(LogRecord record, long truncatedToHash) {
        if (record instanceof LogRecord.Append append) {
            positions.add(new Position(append.txn().zxid(), append.txn().chainHash()));
        } else if (record instanceof LogRecord.Promise promise) {
            acceptedEpoch = promise.epoch();
            acceptedLeader = promise.leader();
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            currentEpoch = adopt.epoch();
        } else if (record instanceof LogRecord.Truncate truncate) {
            positions.truncate(new Position(truncate.to(), truncatedToHash));
            snapshots.removeIf(at -> at.zxid().isAfter(truncate.to()));
        } else if (record instanceof LogRecord.Snapshot snapshot) {
            if (snapshot.received()) {
                snapshots.clear();
                positions.restart(snapshot.at());
            } else {
                positions.dropThrough(snapshot.at());
            }
            addSnapshot(snapshot.at());
        }
    }

    private void addSnapshot(Position at) {
        if (snapshots.contains(at)) {
            return;
        }
        snapshots.add(at);
        if (snapshots.size() > SNAPSHOTS_KEPT) {
            snapshots.remove(0);
        }
    }
}

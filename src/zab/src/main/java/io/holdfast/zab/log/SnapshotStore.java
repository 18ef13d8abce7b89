package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.util.List;

/**
 * The snapshot files of a data directory; every one listed was read through and verified. Obtained from
 * {@link WriteAheadLog#open}; may be used by any thread.
 *
 * <p>A snapshot counts after a crash only when the log has its {@link io.holdfast.zab.core.LogRecord.Snapshot}.
 */
public interface SnapshotStore {

    /** Returns the snapshots in this directory, oldest first. */
    List<StoredSnapshot> list();

    /**
     * Begins a snapshot of this member's own state. One at a time; blocks in I/O.
     *
     * @param expectedBytes about how long the state will be
     * @throws NoRoomException nothing was begun
     */
    SnapshotWriter begin(Position at, Configuration configuration, long expectedBytes) throws IOException;

    /**
     * Opens the application's bytes of a snapshot.
     *
     * @throws SnapshotDamagedException there is no such snapshot, or it is damaged
     */
    SnapshotReader open(Zxid at) throws IOException;

    /** Opens the file of a snapshot as it is, to be sent to a learner. */
    SnapshotSource source(Zxid at) throws IOException;

    /** Begins a snapshot that a leader sends. One at a time: an earlier one that is not finished is dropped. */
    SnapshotReceiver receive(Zxid at) throws IOException;
}

package io.holdfast.zab.log;

import io.holdfast.zab.core.Recovered;
import java.util.List;

/**
 * A data directory that was opened and read.
 *
 * @param log to append to
 * @param snapshots of the same directory
 * @param recovered what the protocol core starts from
 * @param notes what recovery found and did, one sentence each, for the operator's log; empty after a clean stop
 */
public record Opened(WriteAheadLog log, SnapshotStore snapshots, Recovered recovered, List<String> notes) {

    /** Copies the list. */
    public Opened {
        notes = List.copyOf(notes);
    }
}

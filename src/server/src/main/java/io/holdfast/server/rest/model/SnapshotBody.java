package io.holdfast.server.rest.model;

import io.holdfast.server.replica.SnapshotView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A snapshot on the disk of the answering node.
 *
 * @param revision of the state in it
 * @param bytes length of its file
 */
@Schema(name = "Snapshot", description = "A snapshot on the disk of the answering node.")
public record SnapshotBody(String revision, long bytes) {

    public static SnapshotBody of(SnapshotView view) {
        return new SnapshotBody(view.revision().toString(), view.bytes());
    }
}

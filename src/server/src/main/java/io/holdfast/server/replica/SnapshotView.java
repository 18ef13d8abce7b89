package io.holdfast.server.replica;

/**
 * A snapshot on the disk of this node.
 *
 * @param revision of the state in it
 * @param bytes length of its file
 */
public record SnapshotView(Revision revision, long bytes) {}

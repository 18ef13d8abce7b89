package io.holdfast.server.replica;

/**
 * Which node answered and how much it had seen: the content of the {@code Holdfast-*} headers.
 *
 * @param revision last transaction applied by the answering node when it answered
 * @param node id of the answering node, 1 to 65535
 * @param role {@code leader}, {@code follower}, {@code observer} or {@code looking}
 * @param ageMs milliseconds since this node last heard a leader that a quorum follows; -1 when it never did
 */
public record AppliedAt(Revision revision, int node, String role, long ageMs) {

    /** Returns the revision in its 64-bit form. */
    public long packed() {
        return revision.packed();
    }
}

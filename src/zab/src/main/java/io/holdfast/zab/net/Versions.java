package io.holdfast.zab.net;

import io.holdfast.zab.core.ZabConfig;

/**
 * The versions of the messages between peers. Each connection speaks the newest that both sides know; a release speaks
 * the two before its own too, so that servers of different releases run together.
 *
 * <ul>
 *   <li>1: the first one.
 *   <li>2: hellos, votes and the leader's overview name disks, and a learner says which version it speaks at most.
 *   <li>3: heartbeats carry digests of states, a request carries a checksum of its own, a leader may refuse it as
 *       malformed, and a candidate may ask for the history that it lacks; rules, commands and snapshots are of level 3.
 *       A learner says what it has stored while it is synchronized, and why it gives up; it is told how long a snapshot
 *       is. Members tell where their clients reach them, and their release.
 * </ul>
 */
final class Versions {

    /** From this version on messages name disks. */
    static final int DISKS = 2;

    /** From this version on a request carries the checksum that its payload had where it came in. */
    static final int CHECKED = 3;

    /** From this version on a refusal may say that the request is malformed. */
    static final int MALFORMED = 3;

    /** From this version on learners say what they have stored while they are synchronized. */
    static final int PACED = 3;

    /** From this version on a learner says things of itself, and the leader's overview says them of all. */
    static final int MEMBER_INFO = 3;

    /** From this version on heartbeats carry digests of states. */
    static final int DIGESTS = 3;

    private static final int SPOKEN_BEFORE = 2;

    static final int NEWEST = ZabConfig.PROTOCOL_NEWEST;

    private Versions() {}

    /** Returns the oldest version that is spoken by whoever speaks {@code max} at most. */
    static int oldest(int max) {
        return Math.max(1, max - SPOKEN_BEFORE);
    }
}

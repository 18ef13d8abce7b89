package io.holdfast.nodes;

/** What may happen to an ensemble of three while clients use it. */
enum Fault {
    KILL_LEADER,
    KILL_FOLLOWER,
    KILL_TWO,
    KILL_ALL,
    /** Killed again soon after its start, in the midst of recovery or synchronization. */
    KILL_TWICE,
    PAUSE_LEADER,
    PAUSE_FOLLOWER,
    PAUSE_ALL,
    PAUSE_CLIENTS,
    /** Connections of the leader are reset. */
    CUT_LEADER,
    /** Everything to and from a follower vanishes while connections look well. */
    LOSE_FOLLOWER,
    /** What the leader sends is held back, and it hears all others. */
    MUTE_LEADER,
    /** What others send to the leader is held back, and all others hear it. */
    DEAF_LEADER,
    DEAF_FOLLOWER,
    /** The leader and one follower do not reach each other, while the other follower reaches both. */
    PART_PAIR,
    /** Nobody reaches anybody. */
    SPLIT_ALL,
    /** The disk of a node is full until the node has ended. */
    FULL_DISK,
    /** The files of a node may not grow any more. */
    FILE_LIMIT,
    /** Every node in turn is asked to end, and started again. */
    ROLLING_RESTART
}

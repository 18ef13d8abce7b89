package io.holdfast.zab.core;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the core saw or decided besides its effects: for transcripts, tests and, for a few, the operator's log. */
public sealed interface Trace {

    /** A message was not acted upon. */
    record Ignored(String message, String from, String reason) implements Trace {}

    /** A learner is brought to this leader's history this way. */
    record Syncing(ServerId learner, SyncMode mode, Zxid from, Zxid cut) implements Trace {}

    /** A leader, or a follower for it, has brought this server to its history this way. */
    record Synced(ServerId upstream, SyncMode mode, Zxid from, Zxid cut) implements Trace {}

    /** A new ensemble begins when all of its voters are there; these were not heard of lately. */
    record AwaitsFounders(Set<ServerId> missing) implements Trace {}

    /** This candidate lacks some of the history of a voter without which it has no quorum, and fetches it. */
    record Pulls(ServerId voter, long currentEpoch, Zxid last) implements Trace {}

    /** A learner cannot use what it was sent, and says why. */
    record GaveUp(ServerId learner, String reason) implements Trace {}

    /** Two servers have different transactions under one zxid: some disk or program is damaged. */
    record Diverged(ServerId other, Zxid at) implements Trace {}

    /** The same transactions led to another state at some server than at this leader: one of them is wrong. */
    record StateDiffers(ServerId server, Zxid at, long theirs, long own) implements Trace {}

    /** Some server has a member's id and another disk: it does not vote before the ensemble has admitted it again. */
    record OtherDisk(
            ServerId server,
            @Nullable DiskId bound,
            @Nullable DiskId seen) implements Trace {}

    /** This leader changes the configuration by itself: its level, or the disks that members are bound to. */
    record Upkeep(Configuration next) implements Trace {}

    /** A peer says what no healthy peer says: its disk, memory or program is damaged, or it is no peer at all. */
    record Impossible(ServerId said, String what) implements Trace {}

    /** What a server asked of this leader is nothing that every member could apply, or that this one can read. */
    record Refused(ServerId server, String what, String objection) implements Trace {}

    /** A learner came back with less than it acknowledged in this epoch: its disk lost data. */
    record AckRegression(ServerId learner, Zxid acknowledged, Zxid now) implements Trace {}
}

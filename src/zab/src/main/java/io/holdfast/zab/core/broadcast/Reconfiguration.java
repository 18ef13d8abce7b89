package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a leader in broadcast may propose a configuration now (protocol.md#reconfiguration): one change at a time,
 * never one that could leave the ensemble without a quorum that follows.
 */
final class Reconfiguration {

    /** How many committed transactions a new voter may lack: what it is sent within a heartbeat or two. */
    static final int LAG_TXNS_MAX = 1000;

    private final Replica replica;
    private final Learners learners;
    private final FanOut fanOut;

    /** A change that waits for an observer, which a follower feeds and which is to vote, to come to this leader. */
    private @Nullable ClientRequest held;

    private long heldUntil;

    /** The last change that was held; it is not held twice. */
    private @Nullable ClientRequest released;

    Reconfiguration(Replica replica, Learners learners, FanOut fanOut) {
        this.replica = replica;
        this.learners = learners;
        this.fanOut = fanOut;
    }

    /**
     * Returns the same change with the disks that this leader sees now, for voters that name none: whoever asks for a
     * voter means the server that is there. An observer is bound to none, since no vote is at stake.
     */
    ClientRequest completed(ClientRequest change) {
        Configuration wanted = configurationOf(change);
        if (wanted.level() < Configuration.DISKS_LEVEL) {
            return change;
        }
        List<Member> members = new ArrayList<>();
        for (Member member : wanted.members()) {
            boolean votes = member.role() == MemberRole.VOTER;
            DiskId disk = votes && member.disk() == null ? seen(member) : member.disk();
            members.add(member.withDisk(votes ? disk : null));
        }
        Configuration complete = new Configuration(wanted.version(), wanted.generation(), wanted.level(), members);
        return new ClientRequest(
                change.asker(), change.requestId(), change.type(), ConfigurationCodec.payload(complete));
    }

    private @Nullable DiskId seen(Member member) {
        DiskId synced = syncedDisk(member);
        return synced == null ? replica.configuration().disk(member.id()) : synced;
    }

    /** Returns why not; null when it may. */
    @Nullable
    RequestFailure refusal(ClientRequest change) {
        return held == null ? refusal(configurationOf(change)) : RequestFailure.CHANGE_PENDING;
    }

    private static Configuration configurationOf(ClientRequest change) {
        return ConfigurationCodec.of(change.payload());
    }

    /**
     * Takes a change that lacks nothing but voters that followers feed, and has these come to this leader; returns
     * whether it did.
     */
    boolean holds(ClientRequest change) {
        if (change.equals(released) || !fanOut.call(configurationOf(change))) {
            return false;
        }
        held = change;
        heldUntil = replica.in(2 * replica.config().syncLimitMillis());
        return true;
    }

    /** Returns the change that was held when there is nothing left to wait for, or no time. */
    @Nullable
    ClientRequest released() {
        ClientRequest change = held;
        if (change == null
                || (replica.now() < heldUntil && refusal(configurationOf(change)) == RequestFailure.VOTER_NOT_SYNCED)) {
            return null;
        }
        held = null;
        released = change;
        return change;
    }

    @Nullable
    RequestFailure refusal(Configuration next) {
        Quorum now = replica.quorum();
        Configuration committed = now.committed();
        if (now.pending() != null || replica.lacksActivation()) {
            return RequestFailure.CHANGE_PENDING;
        }
        if (next.version() != committed.version() + 1
                || next.generation() != committed.generation()
                || next.level() < committed.level()
                || next.level() > replica.config().protocolMax()) {
            return RequestFailure.CONFIGURATION_CHANGED;
        }
        if (!now.mayFollow(next)) {
            return RequestFailure.MALFORMED;
        }
        if (!next.isVoter(replica.self(), replica.disk())) {
            return RequestFailure.LEADER_LEAVES;
        }
        for (Member member : next.members()) {
            if (member.role() == MemberRole.VOTER && isOpenOrNew(next, member) && !isSynced(member)) {
                return RequestFailure.VOTER_NOT_SYNCED;
            }
        }
        return next.isQuorum(voter -> learners.has(voter, State.SYNCED)) && learners.isQuorum(State.SYNCED)
                ? null
                : RequestFailure.NO_QUORUM;
    }

    /** A voter with another disk than before is as new as one with another id. */
    private boolean isOpenOrNew(Configuration next, Member voter) {
        if (voter.disk() == null) {
            return next.level() >= Configuration.DISKS_LEVEL
                    || !replica.configuration().isVoter(voter.id());
        }
        Configuration now = replica.configuration();
        return !now.isVoter(voter.id()) || !voter.disk().equals(now.disk(voter.id()));
    }

    private boolean isSynced(Member member) {
        DiskId synced = syncedDisk(member);
        return synced != null && (member.disk() == null || member.disk().equals(synced));
    }

    /** Returns the disk of whoever is there under a member's id and lacks next to nothing; null when nobody is. */
    @Nullable
    DiskId syncedDisk(Member member) {
        if (member.id().equals(replica.self())) {
            return replica.disk();
        }
        LearnerProgress learner = learners.of(member.id());
        if (learner == null || learner.state() != State.SYNCED) {
            return null;
        }
        History history = replica.history();
        int lag = history.firstAfter(replica.lastCommitted()) - history.firstAfter(learner.match());
        return lag <= LAG_TXNS_MAX ? learner.disk() : null;
    }
}

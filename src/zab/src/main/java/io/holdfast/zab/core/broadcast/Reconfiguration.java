package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a leader in broadcast may propose a configuration now (zab.md 2.10): one change at a time, never one that
 * could leave the ensemble without a quorum that follows.
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

    private @Nullable RequestFailure refusal(Configuration next) {
        Quorum now = replica.quorum();
        if (now.pending() != null || replica.lacksActivation()) {
            return RequestFailure.CHANGE_PENDING;
        }
        if (next.version() != now.committed().version() + 1) {
            return RequestFailure.CONFIGURATION_CHANGED;
        }
        if (!next.isVoter(replica.self())) {
            return RequestFailure.LEADER_LEAVES;
        }
        for (ServerId voter : next.voters()) {
            if (!now.isVoter(voter) && !isSynced(voter)) {
                return RequestFailure.VOTER_NOT_SYNCED;
            }
        }
        Set<ServerId> synced = learners.atLeast(State.SYNCED);
        return next.isQuorum(synced) && now.isQuorum(synced) ? null : RequestFailure.NO_QUORUM;
    }

    private boolean isSynced(ServerId server) {
        LearnerProgress learner = learners.of(server);
        if (learner == null || learner.state() != State.SYNCED) {
            return false;
        }
        History history = replica.history();
        return history.firstAfter(replica.lastCommitted()) - history.firstAfter(learner.match()) <= LAG_TXNS_MAX;
    }
}

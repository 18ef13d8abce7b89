package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.Invariant;
import io.holdfast.zab.core.state.Replica;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the states of all servers with that of the leader, by the digests in their heartbeats. What a quorum of
 * voters has goes back with the next heartbeats, and a server with another one stops by itself; a leader that a quorum
 * differs from stops too. While neither is so, only an operator can tell which is right.
 */
final class Comparison {

    private final Replica replica;
    private final Learners learners;

    /** By server, up to where its state is the same as this leader's. */
    private final Map<ServerId, Zxid> agreeUpTo = new TreeMap<>();

    /** Servers whose state is another, with where this was seen first. */
    private final Map<ServerId, Zxid> differ = new TreeMap<>();

    Comparison(Replica replica, Learners learners) {
        this.replica = replica;
        this.learners = learners;
    }

    /** A learner said what its state was. */
    void heard(LearnerProgress learner, @Nullable StateDigest theirs) {
        StateDigest own = theirs == null ? null : replica.digests().at(theirs.zxid());
        if (theirs == null || own == null) {
            // Told by an older release, or not comparable: this leader is not there yet, or has forgotten.
            return;
        }
        ServerId server = learner.link().peer();
        if (own.digest() == theirs.digest()) {
            agreeUpTo.put(server, own.zxid());
            differ.remove(server);
        } else if (differ.putIfAbsent(server, own.zxid()) == null) {
            agreeUpTo.remove(server);
            replica.effects().trace(new Trace.StateDiffers(server, own.zxid(), theirs.digest(), own.digest()));
            Invariant.check(
                    !replica.quorum().isQuorum(this::isOther),
                    "a quorum of voters (%s) has another state than this leader since %s: keep the data directory for"
                            + " analysis, and start this server with an empty one",
                    differ.keySet(),
                    own.zxid());
        }
    }

    private boolean isOther(Member voter) {
        LearnerProgress learner = learners.of(voter.id());
        return learner != null && learners.has(voter, LearnerProgress.State.SYNCED) && differ.containsKey(voter.id());
    }

    /**
     * Returns the servers whose state is another, ordered by id. One that went away stays among them until it is back
     * with the same state as this leader, or is no member any more.
     */
    List<ServerId> differing() {
        return List.copyOf(differ.keySet());
    }

    /** Forgets what was heard of servers that are no members any more. */
    void forgetWhoLeft() {
        agreeUpTo.keySet().removeIf(server -> !replica.quorum().contains(server));
        differ.keySet().removeIf(server -> !replica.quorum().contains(server));
    }

    /** What has a voter's id and another disk is no voter, and its copy of this leader's state proves nothing. */
    private Zxid agreedWith(Member voter) {
        boolean counts = learners.has(voter, LearnerProgress.State.SYNCED);
        return counts ? agreeUpTo.getOrDefault(voter.id(), Zxid.ZERO) : Zxid.ZERO;
    }

    /** Returns the newest digest that a quorum of voters has; null when there is none yet. */
    @Nullable
    StateDigest agreed() {
        StateDigest newest = replica.digests().newest();
        if (newest == null) {
            return null;
        }
        long upTo = replica.quorum()
                .reachedByQuorum(voter -> replica.isMember(voter)
                        ? newest.zxid().packed()
                        : agreedWith(voter).packed());
        return upTo == 0 ? null : replica.digests().floor(Zxid.unpack(upTo));
    }
}

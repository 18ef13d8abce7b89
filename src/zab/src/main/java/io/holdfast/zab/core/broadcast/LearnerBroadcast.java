package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.following.LearnerStage;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.ReadIndexReply;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.RequestRefused;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.message.TouchReply;
import io.holdfast.zab.core.stage.Answers;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.stage.Upstream;
import io.holdfast.zab.core.state.Replica;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Broadcast as any learner sees it (protocol.md#broadcast): it keeps up with its leader and has its clients served by
 * it.
 */
abstract class LearnerBroadcast extends LearnerStage implements Upstream {

    private final Answers answers;

    LearnerBroadcast(
            Replica replica, Transitions transitions, Following following, Election election, Answers answers) {
        super(replica, transitions, following, election);
        this.answers = answers;
    }

    @Override
    public final Phase phase() {
        return Phase.BROADCAST;
    }

    @Override
    protected final long silenceLimitMillis() {
        return replica.config().syncLimitMillis();
    }

    @Override
    public void enter() {
        Zxid committed = following.committed();
        commit(committed.isAfter(replica.lastLogged()) ? replica.lastLogged() : committed);
    }

    /**
     * Moves the commit watermark as the feeder of this learner reports. On a link everything that is committed was
     * proposed before; a watermark beyond that would forbid for ever to drop what was never committed.
     *
     * @return false when this server left for it
     */
    private boolean commitAsTold(Zxid upTo) {
        if (upTo.isAfter(replica.lastLogged())) {
            String what = "says that " + upTo + " is committed, and proposed nothing after " + replica.lastLogged();
            replica.effects().trace(new Trace.Impossible(following.upstream(), what));
            leaveUpstream(upstreamName() + " " + what);
            return false;
        }
        commit(upTo);
        return true;
    }

    /** Moves the commit watermark. */
    void commit(Zxid upTo) {
        replica.commit(upTo);
    }

    /** Called before this server takes another part over the same link. */
    void partEnds(String reason) {}

    @Override
    public final @Nullable Upstream upstream() {
        return this;
    }

    @Override
    public final long leaderHeardAt() {
        return following.confirmedAt();
    }

    /** Returns whether this is the part of a voter. */
    abstract boolean votes();

    /**
     * A configuration may give this server another part, from being logged on, or none (protocol.md#reconfiguration).
     */
    @Override
    public boolean stillValid() {
        if (!super.stillValid()) {
            return false;
        }
        if (!replica.quorum().contains(replica.self())) {
            transitions.abandon("configuration " + replica.configuration().version() + " has no server "
                    + replica.self() + " any more: stop it, or add it again");
            return false;
        }
        if (replica.isVoter() != votes()) {
            String reason = "configuration " + replica.quorum().latest().version() + " gives server " + replica.self()
                    + " another part";
            if (following.isRelayed()) {
                // Whoever votes is fed by the leader itself.
                transitions.abandon(reason);
            } else {
                partEnds(reason);
                transitions.adopted();
            }
            return false;
        }
        return true;
    }

    @Override
    public void onProposal(Link from, Proposal proposal) {
        if (!ignore(from, proposal) && append(proposal.txn())) {
            commitAsTold(proposal.committed());
        }
    }

    @Override
    public void onInform(Link from, Inform inform) {
        if (!ignore(from, inform, inform.epoch()) && append(inform.txn())) {
            commit(inform.txn().zxid());
        }
    }

    @Override
    public void onCommit(Link from, Commit commit) {
        if (!ignore(from, commit, commit.epoch())) {
            commitAsTold(commit.committed());
        }
    }

    /**
     * Logs what comes next in the leader's order; a gap ends the link, it is never passed over (ZOOKEEPER-4925).
     *
     * @return false when there is one
     */
    private boolean append(Txn txn) {
        boolean ofLeader = txn.zxid().epoch() == following.epoch() && txn.zxid().follows(replica.lastLogged());
        if (!ofLeader || !replica.history().continuesWith(txn)) {
            traceIfDiverged(txn);
            transitions.abandon("leader " + leader() + " proposed " + txn.zxid() + " after " + txn.previous()
                    + ", but the history ends at " + replica.lastLogged());
            return false;
        }
        replica.append(txn);
        return true;
    }

    @Override
    public void onPing(Link from, Ping ping) {
        if (ignore(from, ping, ping.epoch())) {
            return;
        }
        following.confirmed(replica.now() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, ping.quorumAgeMillis())));
        StateDigest agreed = ping.agreed();
        if (agreed != null) {
            replica.digests().agreed(agreed);
        }
        if (commitAsTold(ping.committed())) {
            sendToLeader(new Pong(
                    ping.epoch(),
                    ping.round(),
                    replica.lastDurable(),
                    replica.lastCommitted(),
                    replica.lastApplied(),
                    replica.digests().newest()));
        }
    }

    // ---- for this server's clients ----

    @Override
    public void request(long requestId, TxnType type, Payload payload) {
        sendToLeader(new Request(requestId, type, payload));
    }

    @Override
    public void readIndex(long attempt) {
        sendToLeader(new ReadIndex(attempt));
    }

    @Override
    public void touch(long attempt, Payload note) {
        sendToLeader(new Touch(attempt, note));
    }

    @Override
    public void handOff(@Nullable ServerId successor) {
        sendToLeader(new HandOffRequest(successor));
    }

    @Override
    public void onRequestRefused(Link from, RequestRefused refused) {
        if (!ignore(from, refused)) {
            answers.refused(refused.requestId(), refused.reason());
        }
    }

    @Override
    public void onReadIndexReply(Link from, ReadIndexReply reply) {
        if (!ignore(from, reply)) {
            answers.confirmed(reply.readId(), reply.index());
        }
    }

    @Override
    public void onTouchReply(Link from, TouchReply reply) {
        if (!ignore(from, reply)) {
            answers.confirmed(reply.touchId(), reply.index());
        }
    }
}

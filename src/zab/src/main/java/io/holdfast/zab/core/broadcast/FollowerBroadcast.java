package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.following.LearnerStage;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.Commit;
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
 * Broadcast as a follower sees it (zab.md 2.7): it logs what the leader proposes, says so, and applies what is
 * committed.
 */
public final class FollowerBroadcast extends LearnerStage implements Upstream {

    private final Answers answers;

    /** Last transaction that the leader was told to be durable here. */
    private Zxid acknowledged;

    private long leaderHeardAt;

    public FollowerBroadcast(
            Replica replica, Transitions transitions, Following following, Election election, Answers answers) {
        super(replica, transitions, following, election);
        this.answers = answers;
        this.acknowledged = replica.lastDurable();
        this.leaderHeardAt = replica.now();
    }

    @Override
    public Phase phase() {
        return Phase.BROADCAST;
    }

    @Override
    protected long silenceLimitMillis() {
        return replica.config().syncLimitMillis();
    }

    @Override
    public void enter() {
        election.publish(Role.FOLLOWING, following.epoch());
        replica.commit(following.committed());
    }

    @Override
    public @Nullable Upstream upstream() {
        return this;
    }

    @Override
    public long leaderHeardAt() {
        return leaderHeardAt;
    }

    @Override
    public void onProposal(Link from, Proposal proposal) {
        Txn txn = proposal.txn();
        if (ignore(from, proposal)) {
            return;
        }
        boolean ofLeader = txn.zxid().epoch() == following.epoch() && txn.zxid().follows(replica.lastLogged());
        if (!ofLeader || !txn.previous().equals(replica.lastLogged())) {
            // A gap ends the link, it is never passed over (ZOOKEEPER-4925).
            transitions.abandon("leader " + leader() + " proposed " + txn.zxid() + " after " + txn.previous()
                    + ", but the history ends at " + replica.lastLogged());
            return;
        }
        replica.append(txn);
        replica.commit(proposal.committed());
    }

    /** The only place that acknowledges proposals: what is acknowledged is durable (P7). */
    @Override
    public void persistedBatch() {
        if (replica.lastDurable().isAfter(acknowledged)) {
            acknowledged = replica.lastDurable();
            sendToLeader(new Ack(following.epoch(), acknowledged));
            replica.deliverCommitted();
        }
    }

    @Override
    public void onCommit(Link from, Commit commit) {
        if (!ignore(from, commit, commit.epoch())) {
            replica.commit(commit.committed());
        }
    }

    @Override
    public void onPing(Link from, Ping ping) {
        if (ignore(from, ping, ping.epoch())) {
            return;
        }
        leaderHeardAt = Math.max(
                leaderHeardAt, replica.now() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, ping.quorumAgeMillis())));
        replica.commit(ping.committed());
        sendToLeader(new Pong(
                ping.epoch(), ping.round(), replica.lastDurable(), replica.lastCommitted(), replica.lastApplied()));
    }

    // ---- for this server's clients ----

    @Override
    public void request(long requestId, Payload payload) {
        sendToLeader(new Request(requestId, payload));
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
    public void onRequestRefused(Link from, RequestRefused refused) {
        if (!ignore(from, refused)) {
            answers.refused(refused.requestId());
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

package io.holdfast.zab.core.following;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a learner does in every phase: it listens to one leader on one link, or as an observer to a follower of that
 * leader, and leaves when nothing is heard.
 */
public abstract class LearnerStage extends Stage {

    protected final Following following;
    protected final Election election;

    private List<MemberState> members = List.of();

    protected LearnerStage(Replica replica, Transitions transitions, Following following, Election election) {
        super(replica, transitions);
        this.following = following;
        this.election = election;
    }

    @Override
    public final Role role() {
        return replica.isVoter() ? Role.FOLLOWING : Role.OBSERVING;
    }

    @Override
    public final ServerId leader() {
        return following.leader();
    }

    @Override
    public final long leaderEpoch() {
        return following.epoch();
    }

    /** Returns how long the leader may be silent in this phase, in milliseconds. */
    protected abstract long silenceLimitMillis();

    @Override
    public boolean stillValid() {
        if (replica.isOlder(following.heardAt(), silenceLimitMillis())) {
            if (following.isRelayed()) {
                // The leader may not have noticed, and would send this observer there again.
                election.avoid(following.upstream());
            }
            leaveUpstream(upstreamName() + " is silent for more than " + silenceLimitMillis() + " ms");
            return false;
        }
        if (replica.isLogStalled()) {
            transitions.abandon("the log has not been written for more than "
                    + replica.config().fsyncStallMillis() + " ms; look at the disk");
            return false;
        }
        return true;
    }

    @Override
    public long nextTick() {
        return following.heardAt() + TimeUnit.MILLISECONDS.toNanos(silenceLimitMillis()) + 1;
    }

    @Override
    public void leave(String reason) {
        Link link = following.link();
        if (link != null) {
            replica.effects().close(link, reason);
        }
    }

    @Override
    public void disconnected(Link link) {
        if (following.isFrom(link)) {
            leaveUpstream("the link to " + upstreamName() + " ended");
        }
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (notification.state() != Role.LOOKING) {
            return;
        }
        if (from.equals(leader()) && notification.round() > election.round() && isLeaderQuiet()) {
            transitions.abandon("leader " + leader() + " began a new election");
            return;
        }
        election.answer(from, Role.FOLLOWING, following.epoch());
    }

    /**
     * Returns whether nothing came from the leader for some heartbeats. One that begins a new election ends its links,
     * which is heard on the link itself: while that is alive a message beside it, whoever sent it, proves nothing.
     */
    private boolean isLeaderQuiet() {
        return following.link() == null
                || following.isRelayed()
                || replica.isOlder(following.heardAt(), 2 * replica.config().heartbeatMillis());
    }

    /** Returns who feeds this learner, for messages. */
    protected final String upstreamName() {
        return following.isRelayed()
                ? "server " + following.upstream() + ", which relays for leader " + leader() + ","
                : "leader " + leader();
    }

    /** Back to looking; a follower that did not bring this observer up to date is not asked again for a while. */
    protected final void leaveUpstream(String reason) {
        if (phase() != Phase.BROADCAST) {
            election.syncFailed(leader());
            if (following.isRelayed()) {
                election.avoid(following.upstream());
            }
        }
        transitions.abandon(reason);
    }

    /** Back to looking, and not to whoever feeds this learner: it cannot. */
    protected final void giveUp(String reason) {
        if (following.isRelayed()) {
            leaveUpstream(reason);
        } else {
            transitions.abandon(leader(), reason);
        }
    }

    @Override
    public void onStranger(ServerId from, Notification notification) {
        if (notification.state() == Role.LOOKING) {
            election.answer(from, Role.FOLLOWING, following.epoch());
        }
    }

    @Override
    public final List<MemberState> members() {
        return members;
    }

    @Override
    public final void onOverview(Link from, Overview overview) {
        if (!ignore(from, overview, overview.epoch())) {
            members = overview.members();
            overviewArrived(overview);
        }
    }

    /** The leader told how far the members are. */
    protected void overviewArrived(Overview overview) {}

    /** Notes that the leader lives; returns whether the message is to be ignored because it is not the leader's. */
    protected final boolean ignore(Link from, ReplicationMessage message) {
        if (!following.isFrom(from)) {
            ignored(from, message, "not on the link to whoever feeds this server");
            return true;
        }
        following.heard(replica.now());
        return false;
    }

    /**
     * As {@link #ignore(Link, ReplicationMessage)}, and the message must be of the leader's epoch (protocol.md#f04).
     */
    protected final boolean ignore(Link from, ReplicationMessage message, long epoch) {
        if (ignore(from, message)) {
            return true;
        }
        if (epoch != following.epoch()) {
            leaveUpstream(upstreamName() + " speaks of epoch " + epoch + " instead of " + following.epoch());
            return true;
        }
        return false;
    }

    /** Tells of a transaction that would follow the last one here, but was made after another history. */
    protected final void traceIfDiverged(Txn txn) {
        if (txn.previous().equals(replica.lastLogged())
                && !txn.chainsTo(replica.history().last().chainHash())) {
            replica.effects()
                    .trace(new Trace.Impossible(
                            following.upstream(), "sent " + txn.zxid() + " of another history than this server's"));
        }
    }

    protected final @Nullable Link link() {
        return following.link();
    }

    /** Sends to the leader if the link is open; when it is not, the leader is about to be abandoned. */
    protected final void sendToLeader(ReplicationMessage message) {
        Link link = following.link();
        if (link != null) {
            send(link, message);
        }
    }
}

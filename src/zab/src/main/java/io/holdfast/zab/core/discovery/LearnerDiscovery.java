package io.holdfast.zab.core.discovery;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.following.LearnerStage;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.Redirect;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Plausible;
import io.holdfast.zab.core.state.Replica;

/**
 * Discovery as a learner sees it (protocol.md#discovery): it dials the elected leader and promises it its epoch. An
 * observer may be sent to a follower of that leader, and promises the same there.
 */
public final class LearnerDiscovery extends LearnerStage {

    private static final int CONNECT_ATTEMPTS = 5;

    private int attempts;
    private long redialAt = NEVER;
    private boolean promiseUnderWay;

    public LearnerDiscovery(Replica replica, Transitions transitions, Following following, Election election) {
        super(replica, transitions, following, election);
    }

    @Override
    public Phase phase() {
        return Phase.DISCOVERY;
    }

    @Override
    protected long silenceLimitMillis() {
        // The leader answers as soon as a quorum has dialed it and its own promise is written.
        return 2 * replica.config().syncLimitMillis();
    }

    @Override
    public void enter() {
        dial();
    }

    private void dial() {
        attempts++;
        redialAt = NEVER;
        replica.effects().connect(following.upstream());
    }

    @Override
    public void connected(Link link) {
        if (!link.peer().equals(following.upstream()) || following.link() != null) {
            super.connected(link);
            return;
        }
        following.connected(link);
        send(
                link,
                new FollowerInfo(
                        replica.recovered().diskId(),
                        replica.acceptedEpoch(),
                        replica.acceptedLeader(),
                        replica.configuration().version(),
                        replica.config().protocolMax(),
                        election.avoided(),
                        replica.config().info()));
    }

    @Override
    public void connectFailed(ServerId failed) {
        if (!failed.equals(following.upstream()) || following.link() != null) {
            return;
        }
        if (following.isRelayed()) {
            backToLeader();
        } else if (attempts >= CONNECT_ATTEMPTS) {
            transitions.abandon(leader(), "leader " + leader() + " cannot be reached");
        } else {
            redialAt = replica.in(replica.config().resendMinMillis());
        }
    }

    /**
     * Told once, before the leader names its epoch. Whoever votes is fed by the leader itself; who votes is for the
     * leader to know, while this server may have a local file, or an older configuration, in which it does.
     */
    @Override
    public void onRedirect(Link from, Redirect redirect) {
        if (ignore(from, redirect)) {
            return;
        }
        if (following.isRelayed() || promiseUnderWay) {
            ignored(from, redirect, "this learner stays with its leader");
            return;
        }
        replica.effects().close(from, "server " + redirect.relay() + " is to feed this observer");
        feedFrom(redirect.relay());
    }

    private void feedFrom(ServerId server) {
        following.fedBy(server, replica.now());
        attempts = 0;
        dial();
    }

    /** The leader is told whom to leave out, so this ends with the leader itself when nobody else can. */
    private void backToLeader() {
        election.avoid(following.upstream());
        feedFrom(leader());
    }

    @Override
    public void disconnected(Link link) {
        if (following.isFrom(link) && following.isRelayed() && !promiseUnderWay) {
            backToLeader();
        } else {
            super.disconnected(link);
        }
    }

    @Override
    public void tick() {
        if (replica.now() >= redialAt) {
            dial();
        }
    }

    @Override
    public long nextTick() {
        return Math.min(redialAt, super.nextTick());
    }

    @Override
    public boolean stillValid() {
        if (replica.isOlder(following.heardAt(), silenceLimitMillis())) {
            giveUp(upstreamName() + " did not name its epoch in time");
            return false;
        }
        return super.stillValid();
    }

    @Override
    public void onLeaderInfo(Link from, LeaderInfo info) {
        if (ignore(from, info)) {
            return;
        }
        if (promiseUnderWay) {
            ignored(from, info, "named its epoch before");
            return;
        }
        if (!info.leader().equals(leader())) {
            giveUp(upstreamName() + " names server " + info.leader() + " as leader");
            return;
        }
        long epoch = info.epoch();
        if (replica.acceptedEpoch() > 0 && !Plausible.epoch(replica.acceptedEpoch(), epoch, true)) {
            // A server without a promise may be new to an old ensemble.
            String what = "names epoch " + epoch + ", and this server knows of none after " + replica.acceptedEpoch()
                    + ": if it was away for so long, empty its data directory";
            replica.effects().trace(new Trace.Impossible(following.upstream(), what));
            giveUp(upstreamName() + " " + what);
            return;
        }
        // An observer promises as well: the leader may count it in a configuration that it has not logged yet.
        if (epoch > replica.acceptedEpoch()) {
            following.named(epoch);
            promiseUnderWay = true;
            replica.promise(epoch, leader());
        } else if (epoch == replica.acceptedEpoch() && leader().equals(replica.acceptedLeader())) {
            // The same promise to the same leader, on a new link; it is durable, since an election begins with a
            // drained log.
            following.named(epoch);
            acknowledge();
        } else {
            giveUp(upstreamName() + " names epoch " + epoch + ", but " + replica.acceptedEpoch()
                    + " is promised to server " + replica.acceptedLeader());
        }
    }

    /**
     * The promise is sent only when it is durable (protocol.md#p3): this server can follow no other leader in that
     * epoch.
     */
    @Override
    public void persisted(LogRecord record) {
        if (record instanceof LogRecord.Promise promise && promise.epoch() == following.epoch()) {
            acknowledge();
        }
    }

    private void acknowledge() {
        Position last = replica.history().last();
        sendToLeader(new AckEpoch(following.epoch(), replica.currentEpoch(), last.zxid(), last.chainHash()));
        transitions.promised();
    }
}

package io.holdfast.zab.core.following;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/** What a learner knows of the leader that it follows, from discovery to the end; a new leader is a new object. */
public final class Following {

    private final ServerId leader;
    private ServerId upstream;
    private @Nullable Link link;
    private long epoch;
    private long heardAt;
    private Zxid committed = Zxid.ZERO;
    private Zxid acknowledged = Zxid.ZERO;
    private long confirmedAt;

    public Following(ServerId leader, long now) {
        this.leader = leader;
        this.upstream = leader;
        this.heardAt = now;
        this.confirmedAt = Long.MIN_VALUE;
    }

    public ServerId leader() {
        return leader;
    }

    /** Returns who feeds this learner: the leader, or a follower of it that relays (decision 0018). */
    public ServerId upstream() {
        return upstream;
    }

    public boolean isRelayed() {
        return !upstream.equals(leader);
    }

    /** Another server feeds this learner from now on, over a link that is not open yet. */
    public void fedBy(ServerId server, long now) {
        upstream = server;
        link = null;
        heardAt = now;
    }

    public void connected(Link open) {
        link = open;
    }

    /** Returns the link to the leader, or to the follower that feeds this learner; null before it is open. */
    public @Nullable Link link() {
        return link;
    }

    /** Returns whether a message is from whoever feeds this learner, on the current link. */
    public boolean isFrom(Link from) {
        return from.equals(link);
    }

    public void named(long leaderEpoch) {
        epoch = leaderEpoch;
    }

    /** Returns the epoch that the leader named; 0 before. */
    public long epoch() {
        return epoch;
    }

    /** Notes the commit watermark that the leader told; nothing is applied before this learner is up to date. */
    public void committed(Zxid leaderCommitted) {
        if (leaderCommitted.isAfter(committed)) {
            committed = leaderCommitted;
        }
    }

    public Zxid committed() {
        return committed;
    }

    /** Notes the last transaction that the leader was told to be durable here. */
    public void acknowledged(Zxid durable) {
        acknowledged = durable;
    }

    public Zxid acknowledged() {
        return acknowledged;
    }

    /** Notes when this leader was known to have its quorum. */
    public void confirmed(long at) {
        confirmedAt = Math.max(confirmedAt, at);
    }

    /** Returns when this leader was last known to have its quorum; without meaning before the learner is up to date. */
    public long confirmedAt() {
        return confirmedAt;
    }

    public void heard(long now) {
        heardAt = now;
    }

    /** Returns when anything arrived from whoever feeds this learner last. */
    public long heardAt() {
        return heardAt;
    }
}

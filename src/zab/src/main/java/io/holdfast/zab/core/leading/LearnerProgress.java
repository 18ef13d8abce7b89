package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.Pong;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One learner as its leader sees it, on one link; a learner that comes back on another link starts anew. */
public final class LearnerProgress {

    /** How far a learner has come. */
    public enum State {
        /** The link is open. */
        CONNECTED,
        /** It told what it promised. */
        INTRODUCED,
        /** It promised this leader's epoch and told its history. */
        PROMISED,
        /** It is sent this leader's history, and every proposal after that. */
        SYNCING,
        /** It adopted the history: from now on its acknowledgements count. */
        SYNCED
    }

    private final Link link;
    private State state = State.CONNECTED;
    private @Nullable DiskId disk;
    private MemberInfo info = MemberInfo.NONE;
    private int protocol;
    private long configVersion;
    private @Nullable AckEpoch ackEpoch;

    /** Invariant: never falls, and never passes what was sent. */
    private Zxid match = Zxid.ZERO;

    private long matchMovedAt;
    private long heardAt;
    private long answeredRound;
    private Zxid durable = Zxid.ZERO;
    private Zxid committed = Zxid.ZERO;
    private Zxid applied = Zxid.ZERO;
    private @Nullable SyncPlan plan;
    private @Nullable Pace pace;
    private long progressAt;
    private Zxid sent = Zxid.ZERO;
    private final long since;
    private Set<ServerId> avoids = new TreeSet<>();
    private List<MemberState> relayed = List.of();

    public LearnerProgress(Link link, long now) {
        this.link = link;
        this.since = now;
        this.heardAt = now;
        this.matchMovedAt = now;
        this.progressAt = now;
    }

    public Link link() {
        return link;
    }

    public State state() {
        return state;
    }

    /** Returns when its link was opened. */
    public long since() {
        return since;
    }

    /** Notes the followers that are not to feed it. */
    public void avoids(Set<ServerId> unfit) {
        avoids = unfit;
    }

    public Set<ServerId> avoids() {
        return avoids;
    }

    /** Notes what it said of the observers that it feeds. */
    public void relayed(List<MemberState> observers) {
        relayed = observers;
    }

    /** Returns the observers that it feeds, as it said last. */
    public List<MemberState> relayed() {
        return relayed;
    }

    public boolean isAtLeast(State least) {
        return state.compareTo(least) >= 0;
    }

    public void introduced(FollowerInfo introduction) {
        state = State.INTRODUCED;
        disk = introduction.diskId();
        protocol = introduction.protocol();
        configVersion = introduction.configVersion();
        info = introduction.info();
    }

    /** Returns the identity of its disk; null before it introduced itself. */
    public @Nullable DiskId disk() {
        return disk;
    }

    /** Returns the version of the configuration in force as it knew it when it introduced itself; 0 before. */
    public long configVersion() {
        return configVersion;
    }

    /** Returns the newest version of the peer protocol that it speaks; 0 before it introduced itself. */
    public int protocol() {
        return protocol;
    }

    /** Returns whether it may be that member, as far as is known of it; it is for certain once it is introduced. */
    boolean is(Member member) {
        return disk == null || member.admits(disk);
    }

    public void promised(AckEpoch ack) {
        state = State.PROMISED;
        ackEpoch = ack;
    }

    /** It promised, but its history is more recent than the candidate's: it does not count yet. */
    public void ahead(AckEpoch ack) {
        ackEpoch = ack;
    }

    /** Returns whether it promised and has a history that is more recent than the candidate's. */
    public boolean isAhead() {
        return state == State.INTRODUCED && ackEpoch != null;
    }

    /** Returns what it said of its history; null before it promised. */
    public @Nullable AckEpoch ackEpoch() {
        return ackEpoch;
    }

    /**
     * It is sent this leader's history from now on.
     *
     * @param paced how fast; null when all at once
     */
    void syncing(SyncPlan how, @Nullable Pace paced, long now) {
        state = State.SYNCING;
        plan = how;
        pace = paced;
        progressAt = now;
    }

    /** Returns how fast it is sent the history; null when it is not, or all at once. */
    @Nullable
    Pace pace() {
        return pace;
    }

    /** It has stored more than before. */
    void progressed(long now) {
        progressAt = now;
    }

    /**
     * Returns a number that grows as it stores more of what it is sent: all of the greatest for one that has adopted
     * the history or does not say how far it is.
     */
    public long reached() {
        if (state.compareTo(State.SYNCING) < 0) {
            return -1;
        }
        Pace paced = pace;
        return paced == null ? Long.MAX_VALUE : paced.reached();
    }

    /** Returns whether it is sent everything at once, and so does not say how far it is. */
    public boolean isSentAllAtOnce() {
        return state == State.SYNCING && pace == null;
    }

    /** Returns when it had stored more than before, or was begun with. */
    long progressAt() {
        return progressAt;
    }

    /** Returns how it is brought to this leader's history; null before. */
    public @Nullable SyncPlan plan() {
        return plan;
    }

    /** Notes the last transaction that it was sent. */
    public void sent(Zxid last) {
        sent = last;
    }

    public Zxid sent() {
        return sent;
    }

    public void synced(Zxid cut, long now) {
        state = State.SYNCED;
        pace = null;
        match = cut;
        matchMovedAt = now;
    }

    /** Returns the last transaction that it acknowledged in this epoch on this link. */
    public Zxid match() {
        return match;
    }

    public void matched(Zxid durable, long now) {
        if (durable.isAfter(match)) {
            match = durable;
            matchMovedAt = now;
        }
    }

    /** It has acknowledged all that there is, so standing still is no fault. */
    public void caughtUp(long now) {
        matchMovedAt = now;
    }

    public long matchMovedAt() {
        return matchMovedAt;
    }

    public void heard(long now) {
        heardAt = now;
    }

    public long heardAt() {
        return heardAt;
    }

    public void answered(Pong pong) {
        answeredRound = Math.max(answeredRound, pong.round());
        durable = pong.durable();
        committed = pong.committed();
        applied = pong.applied();
    }

    /** Returns how far it is, as far as this leader knows. */
    public MemberState memberState(boolean voter) {
        Phase phase = switch (state) {
            case CONNECTED, INTRODUCED -> Phase.DISCOVERY;
            case PROMISED, SYNCING -> Phase.SYNCHRONIZATION;
            case SYNCED -> Phase.BROADCAST;
        };
        return new MemberState(
                link.peer(),
                voter ? Role.FOLLOWING : Role.OBSERVING,
                phase,
                match.isAfter(durable) ? match : durable,
                committed,
                applied,
                disk,
                info);
    }

    /** Returns the last heartbeat round that it answered. */
    public long answeredRound() {
        return answeredRound;
    }
}

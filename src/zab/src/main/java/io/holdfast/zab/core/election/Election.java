package io.holdfast.zab.core.election;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.state.BackOff;
import io.holdfast.zab.core.state.Replica;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps of elections from one to the next: its round, the vote that the last one ended with, and the
 * candidates that failed to take up their office. Volatile; a restart begins at round 0 and adopts higher ones.
 */
public final class Election {

    /** A follower that could not feed an observer is left alone for so many times the init limit. */
    public static final int AVOID_INIT_LIMITS = 10;

    private final Replica replica;
    private final Reachability reachability;
    private final Map<ServerId, Long> skippedUntil = new TreeMap<>();

    /** Followers that could not feed this observer; bounded by the members that there ever were. */
    private final Map<ServerId, Long> avoidedUntil = new TreeMap<>();

    /** Leaders from which a synchronization failed. */
    private final BackOff failures;

    private long round;
    private @Nullable Vote elected;

    /** Highest epoch that any server said it promised, to this candidate or an earlier one. */
    private long highestPromise;

    public Election(Replica replica, Reachability reachability) {
        this.replica = replica;
        this.reachability = reachability;
        this.failures = new BackOff(replica);
    }

    public Reachability reachability() {
        return reachability;
    }

    public long round() {
        return round;
    }

    /**
     * Returns whether a notification is of a server that has a member's id, but not its disk, and knows no
     * configuration that this server does not know: its leaders and votes count nowhere, since it is not that member
     * (protocol.md#lost-or-damaged-disks).
     */
    public boolean isStranger(ServerId from, Notification notification) {
        Quorum quorum = replica.quorum();
        return quorum.contains(from)
                && !quorum.admits(from, notification.disk())
                && notification.configVersion() <= quorum.latest().version();
    }

    void startRound() {
        // At the last round elections go on in it: votes are hints, and a higher number would be refused.
        round = Math.min(round + 1, Notification.MAX_ROUND);
        elected = null;
    }

    void adoptRound(long higher) {
        round = higher;
    }

    /** The election ended with this result; until the next one it is what others are told. */
    public void ended(Vote vote) {
        elected = vote;
    }

    /** Notes what a server promised: a leader that names an epoch above it needs no second election to win it over. */
    public void heardPromise(long epoch) {
        highestPromise = Math.max(highestPromise, epoch);
    }

    public long highestPromise() {
        return highestPromise;
    }

    /** Leaves a candidate out for one back-off period: it was elected and could not lead. */
    public void skip(ServerId candidate) {
        skippedUntil.put(candidate, replica.in(replica.config().resendMaxMillis()));
    }

    boolean isSkipped(ServerId candidate) {
        return skippedUntil.getOrDefault(candidate, Long.MIN_VALUE) > replica.now();
    }

    /** This server and that leader did not get as far as an up-to-date learner: it is not followed again at once. */
    public void syncFailed(ServerId leader) {
        failures.failed(leader);
    }

    /** A leader brought this server up to date. */
    public void synced() {
        failures.reset();
    }

    /**
     * Returns from when on this server follows that leader. A candidate needs a quorum to become one and waits for it
     * only for a while, so it is kept waiting for less.
     *
     * @param established whether it leads an epoch already
     */
    long mayFollowAt(ServerId leader, boolean established) {
        return established
                ? failures.readyAt(leader)
                : failures.readyAt(leader, replica.config().syncLimitMillis() / 2);
    }

    /** Has a leader not send this observer to that follower for a while. */
    public void avoid(ServerId relay) {
        avoidedUntil.put(relay, replica.in(AVOID_INIT_LIMITS * replica.config().initLimitMillis()));
    }

    /** Returns the followers that are not to feed this observer. */
    public Set<ServerId> avoided() {
        avoidedUntil.values().removeIf(until -> until <= replica.now());
        return avoidedUntil.keySet();
    }

    /** Tells a server that looks for a leader whom this one follows, or that it leads itself. */
    public void answer(ServerId to, Role role, long leaderEpoch) {
        replica.effects().notify(to, notification(role, elected, leaderEpoch));
    }

    /** Tells all voters whom this one follows, or that it leads itself; who leads an epoch tells the observers too. */
    public void publish(Role role, long leaderEpoch) {
        Notification result = notification(role, elected, leaderEpoch);
        boolean leads = role == Role.LEADING && leaderEpoch != 0;
        for (Member member : replica.quorum().everyone()) {
            if (!member.id().equals(replica.self()) && (leads || member.role() == MemberRole.VOTER)) {
                replica.effects().notify(member.id(), result);
            }
        }
    }

    void answerVote(ServerId to, @Nullable Vote vote) {
        replica.effects().notify(to, notification(Role.LOOKING, vote, 0));
    }

    /** Asks those who do not vote whom they follow; what is asked without a vote is no vote. */
    void askObservers() {
        Notification question = notification(Role.LOOKING, null, 0);
        for (Member member : replica.quorum().everyone()) {
            if (!member.id().equals(replica.self()) && !replica.quorum().isVoter(member.id())) {
                replica.effects().notify(member.id(), question);
            }
        }
    }

    void broadcast(Notification notification) {
        for (ServerId voter : replica.quorum().voters()) {
            if (!voter.equals(replica.self())) {
                replica.effects().notify(voter, notification);
            }
        }
    }

    /** Returns this server's vote for itself; null when it is not fit to lead. */
    @Nullable
    Vote candidacy() {
        return replica.isVoter() && reachability.isQuorumConnected() && !isSkipped(replica.self())
                ? new Vote(replica.currentEpoch(), replica.lastDurable(), replica.self())
                : null;
    }

    Notification notification(Role role, @Nullable Vote vote, long leaderEpoch) {
        return new Notification(
                role,
                round,
                vote,
                candidacy(),
                leaderEpoch,
                replica.quorum().latest().version(),
                replica.disk());
    }
}

package io.holdfast.zab.core.election;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looking for a leader: fast leader election (protocol.md#election).
 *
 * <p>The result is a hint. Discovery verifies it, so nothing here can hurt safety; what matters is that servers which
 * reach each other agree soon. A server votes only for candidates that it reaches in both directions and that reach a
 * quorum themselves.
 */
public final class Looking extends Stage {

    private final Election election;

    /** Last word of each voter in this round, whatever its state. */
    private final Map<ServerId, Notification> received = new TreeMap<>();

    private final LeaderNews outOfElection = new LeaderNews();

    /** As they were told last. */
    private Set<ServerId> missingFounders = new TreeSet<>();

    private boolean begun;
    private @Nullable Vote vote;
    private long finalizeAt = NEVER;
    private long resendAt = NEVER;
    private long resendMillis;

    /** When the leader that this server waits to follow may be followed. */
    private long followAt = NEVER;

    public Looking(Replica replica, Transitions transitions, Election election) {
        super(replica, transitions);
        this.election = election;
    }

    @Override
    public Role role() {
        return Role.LOOKING;
    }

    @Override
    public Phase phase() {
        return Phase.ELECTION;
    }

    /** A vote names the last durable transaction, so the election begins when the log is drained. */
    @Override
    public void enter() {
        if (replica.isDrained()) {
            begin();
        }
    }

    @Override
    public void persisted(LogRecord record) {
        if (!begun && replica.isDrained()) {
            begin();
        }
    }

    private void begin() {
        begun = true;
        election.startRound();
        resendMillis = replica.config().resendMinMillis();
        election.reachability().hello();
        vote = best();
        sendVote();
        consider();
    }

    @Override
    public void tick() {
        if (!begun) {
            return;
        }
        // Reachability fades without any message, and skipped candidates come back.
        revote();
        if (replica.now() >= resendAt) {
            sendVote();
            // The voters may be others than those that this server knows.
            election.askObservers();
            tellOfMissingFounders();
        }
        if (replica.now() >= followAt) {
            followAt = NEVER;
            followResult();
        } else {
            consider();
        }
    }

    @Override
    public long nextTick() {
        return Math.min(followAt, Math.min(finalizeAt, resendAt));
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (!begun) {
            return;
        }
        if (replica.isOutdatedBy(notification.configVersion())) {
            transitions.abandon("server " + from + " knows configuration " + notification.configVersion()
                    + ", and this server has no history: it may be one that lost its disk");
        } else if (notification.state() != Role.LOOKING) {
            onResult(from, notification);
            askWhoLeads(from, notification);
        } else if (isVoter(from, notification)) {
            onVote(from, notification);
        }
    }

    /**
     * Servers that this one does not know as voters may be voters, and need its vote before they can lead and send it
     * the newer configuration (protocol.md#election).
     */
    private boolean isVoter(ServerId from, Notification notification) {
        return replica.quorum().isVoter(from) || replica.mayCountOthers(notification.configVersion());
    }

    private void tellOfMissingFounders() {
        if (!replica.quorum().committed().isFounding()) {
            return;
        }
        Set<ServerId> missing = others();
        missing.removeIf(election.reachability()::reachesBothWays);
        if (!missing.isEmpty() && !missing.equals(missingFounders)) {
            replica.effects().trace(new Trace.AwaitsFounders(missing));
        }
        missingFounders = missing;
    }

    /** A leader that this server does not know to be a voter gets no vote of it, so it would never say who it is. */
    private void askWhoLeads(ServerId from, Notification notification) {
        Vote named = notification.vote();
        if (named != null
                && !named.candidate().equals(from)
                && !replica.quorum().isVoter(named.candidate())) {
            election.answerVote(named.candidate(), null);
        }
    }

    /** Reachability changed. */
    public void reachChanged() {
        if (begun) {
            revote();
            consider();
        }
    }

    /** It does not count, but learns that there is an ensemble which knows more than it does. */
    @Override
    public void onStranger(ServerId from, Notification notification) {
        if (begun && notification.state() == Role.LOOKING) {
            election.answerVote(from, vote);
        }
    }

    private void onVote(ServerId from, Notification notification) {
        outOfElection.remove(from);
        if (notification.round() < election.round()) {
            // Not counted, but its sender learns the round at once instead of at our next resend (protocol.md#g08).
            election.answerVote(from, vote);
            return;
        }
        if (notification.round() > election.round()) {
            join(from, notification);
        } else {
            boolean first = received.put(from, notification) == null;
            if (!revote() && first) {
                // It may not have heard this server in this round: its log was being written, or a message was lost.
                election.answerVote(from, vote);
            }
        }
        consider();
    }

    /** Begins anew in the higher round of another voter. */
    private void join(ServerId from, Notification notification) {
        election.adoptRound(notification.round());
        received.clear();
        received.put(from, notification);
        finalizeAt = NEVER;
        vote = best();
        sendVote();
    }

    private void onResult(ServerId from, Notification notification) {
        outOfElection.put(from, notification);
        if (notification.leaderEpoch() == 0 && notification.round() > election.round()) {
            // An election that has just ended, and whose leader still waits for its quorum: join it.
            join(from, notification);
        } else if (notification.round() == election.round()) {
            received.put(from, notification);
            revote();
        }
        followResult();
    }

    /** Follows whoever leads already, or was just elected by this server's vote too; else goes on with the election. */
    private void followResult() {
        Vote mine = vote;
        Vote leader = establishedLeader();
        if (leader != null) {
            decide(leader, true);
        } else if (mine != null && isWon(mine)) {
            decide(mine, false);
        } else {
            consider();
        }
    }

    /**
     * Returns whether the candidate of this server's vote says itself that it was elected: it heard a quorum, which
     * this server may not reach (in a star nobody but the center does).
     */
    private boolean isWon(Vote mine) {
        Notification own = outOfElection.of(mine.candidate());
        return own != null && own.state() == Role.LEADING && own.round() == election.round() && mine.equals(own.vote());
    }

    private @Nullable Vote establishedLeader() {
        return outOfElection.establishedLeader(replica.quorum(), this::isFit);
    }

    /** Returns whether the vote changed, and so was sent to all. */
    private boolean revote() {
        Vote best = best();
        if (Objects.equals(best, vote)) {
            return false;
        }
        vote = best;
        finalizeAt = NEVER;
        sendVote();
        return true;
    }

    /**
     * Returns the most recent candidate that is fit to lead as far as this server can tell; null when there is none.
     */
    private @Nullable Vote best() {
        Vote best = election.candidacy();
        for (Map.Entry<ServerId, Notification> entry : received.entrySet()) {
            Notification last = entry.getValue();
            Vote candidacy = last.candidacy();
            if (candidacy != null
                    && isReachable(entry.getKey(), last.disk())
                    && (best == null || candidacy.compareTo(best) > 0)) {
                best = candidacy;
            }
        }
        return best;
    }

    /** A leader that is no voter here says hello to others only; that it answered shows as much. */
    private boolean isFit(ServerId leader) {
        return isReachable(leader) || (!replica.quorum().isVoter(leader) && !election.isSkipped(leader));
    }

    private boolean isReachable(ServerId candidate) {
        return election.reachability().reachesBothWays(candidate) && !election.isSkipped(candidate);
    }

    /**
     * Returns whether a candidate is reachable and has the disk with which it became one. A server that came back with
     * another disk says hello under the same id, but does not lead: votes for it would keep a quorum from agreeing, in
     * a round that nothing ends.
     */
    private boolean isReachable(ServerId candidate, @Nullable DiskId disk) {
        return election.reachability().reachesBothWays(candidate, disk) && !election.isSkipped(candidate);
    }

    private void sendVote() {
        resendAt = replica.in(resendMillis);
        resendMillis = Math.min(2 * resendMillis, replica.config().resendMaxMillis());
        election.broadcast(election.notification(Role.LOOKING, vote, 0));
        for (ServerId newer : received.keySet()) {
            if (!replica.quorum().isVoter(newer)) {
                election.answerVote(newer, vote);
            }
        }
    }

    /** Decides when a quorum has had the same vote for the finalize wait. */
    private void consider() {
        Vote mine = vote;
        if (mine == null || !replica.quorum().isQuorum(voter -> supports(voter, mine))) {
            finalizeAt = NEVER;
            return;
        }
        boolean alone = replica.quorum().voters().size() == 1;
        long wait = replica.in(finalizeMillis());
        if (finalizeAt == NEVER && !alone) {
            finalizeAt = wait;
        } else if (alone || replica.now() >= finalizeAt) {
            finalizeAt = NEVER;
            decide(mine, false);
        } else {
            finalizeAt = Math.min(finalizeAt, wait);
        }
    }

    /**
     * Servers without any history are about to begin a new ensemble, or have lost the disks of an old one: whoever
     * knows better gets the time to say so.
     */
    private long finalizeMillis() {
        boolean all = received.keySet().containsAll(others());
        return replica.isBlank() && !all
                ? replica.config().resendMaxMillis()
                : replica.config().finalizeMillis();
    }

    private Set<ServerId> others() {
        Set<ServerId> others = replica.quorum().voters();
        others.remove(replica.self());
        return others;
    }

    private boolean supports(Member voter, Vote mine) {
        Notification last = received.get(voter.id());
        return replica.isMember(voter) || (last != null && voter.admits(last.disk()) && mine.equals(last.vote()));
    }

    /** A server does not return at once to a leader from which its synchronization failed. */
    private void decide(Vote elected, boolean established) {
        long at = election.mayFollowAt(elected.candidate(), established);
        if (at > replica.now()) {
            followAt = at;
            return;
        }
        election.ended(elected);
        transitions.elected(elected);
    }
}

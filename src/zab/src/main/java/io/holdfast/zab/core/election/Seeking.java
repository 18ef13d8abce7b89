package io.holdfast.zab.core.election;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.Replica;

/**
 * The stage of an observer while there is an election, in which it takes no part. It asks all members for their leader
 * until one of them reports that it leads (protocol.md#observers): the voters may be others than those that it knows.
 */
public final class Seeking extends Stage {

    /** Observers that lost one leader do not all come to the next at once (protocol.md#observers). */
    private static final int SPREAD_MILLIS = 200;

    private final Election election;
    private final LeaderNews news = new LeaderNews();
    private boolean begun;
    private long beginAt;
    private long askAt = NEVER;
    private long askMillis;

    /** When the leader that this server waits to follow may be followed. */
    private long followAt = NEVER;

    public Seeking(Replica replica, Transitions transitions, Election election) {
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

    /** What a leader is told of the history is durable, so this begins when the log is drained. */
    @Override
    public void enter() {
        beginAt = election.round() == 0 ? replica.now() : replica.in(replica.spread(SPREAD_MILLIS));
        beginIfDue();
    }

    private void beginIfDue() {
        if (!begun && replica.isDrained() && replica.now() >= beginAt) {
            begin();
        }
    }

    @Override
    public void persisted(LogRecord record) {
        beginIfDue();
    }

    private void begin() {
        begun = true;
        election.startRound();
        askMillis = replica.config().resendMinMillis();
        ask();
    }

    private void ask() {
        askAt = replica.in(askMillis);
        askMillis = Math.min(2 * askMillis, replica.config().resendMaxMillis());
        election.broadcast(election.notification(Role.LOOKING, null, 0));
        election.askObservers();
    }

    @Override
    public void tick() {
        beginIfDue();
        if (begun && replica.now() >= askAt) {
            ask();
            follow();
        } else if (begun && replica.now() >= followAt) {
            follow();
        }
    }

    @Override
    public long nextTick() {
        return begun || !replica.isDrained() ? Math.min(askAt, followAt) : beginAt;
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (!begun) {
            return;
        }
        if (notification.state() == Role.LOOKING) {
            news.remove(from);
            if (!replica.isBlank() && isCountedBy(from, notification)) {
                replica.countedBy(notification.configVersion());
                transitions.abandon("server " + from + " counts this server as a voter in configuration "
                        + notification.configVersion());
            }
        } else {
            news.put(from, notification);
            follow();
        }
    }

    /**
     * Votes go to voters only, so a server that sends one counts this server (protocol.md#election). A voter that does
     * not reach a quorum has no vote to send, perhaps because this server, which it counts, sends no hellos: it may
     * have a newer configuration, or not know that the one without this server is committed. A server that never
     * followed a leader was not made a voter by one.
     */
    private boolean isCountedBy(ServerId from, Notification notification) {
        return replica.mayCountOthers(notification.configVersion())
                && (notification.vote() != null
                        || (replica.currentEpoch() > 0 && replica.quorum().isVoter(from)));
    }

    private void follow() {
        Vote leader = news.establishedLeader(replica.quorum(), candidate -> !election.isSkipped(candidate));
        long at = leader == null ? NEVER : election.mayFollowAt(leader.candidate(), true);
        followAt = at > replica.now() ? at : NEVER;
        if (leader != null && followAt == NEVER) {
            election.ended(leader);
            transitions.elected(leader);
        }
    }
}

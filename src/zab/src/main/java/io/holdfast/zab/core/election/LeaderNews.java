package io.holdfast.zab.core.election;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.message.Notification;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last word of each voter that says it has a leader, of whatever round, and which of these leaders to believe. */
final class LeaderNews {

    private final Map<ServerId, Notification> heard = new TreeMap<>();

    void put(ServerId from, Notification result) {
        heard.put(from, result);
    }

    /** Returns what a server said of its leader; null when it has none, as far as is known. */
    @Nullable
    Notification of(ServerId server) {
        return heard.get(server);
    }

    void remove(ServerId from) {
        heard.remove(from);
    }

    /**
     * Returns who says of itself that it leads an epoch, if a quorum says the same or nobody names a higher epoch. Only
     * leader and epoch are compared, since zxid and round differ with good reason (ZOOKEEPER-1732); without the
     * leader's own word a dead one would be elected for ever. Its own word alone is enough where this server reaches no
     * quorum but its leader: one that has been deposed finds that out in discovery or by its heartbeats.
     *
     * @param quorum who must agree
     * @param isFit who may be followed from here
     */
    @Nullable
    Vote establishedLeader(Quorum quorum, Predicate<ServerId> isFit) {
        long highest = 0;
        for (Notification notification : heard.values()) {
            highest = Math.max(highest, notification.leaderEpoch());
        }
        for (Map.Entry<ServerId, Notification> entry : heard.entrySet()) {
            Notification own = entry.getValue();
            boolean leads = own.state() == Role.LEADING && own.leaderEpoch() != 0;
            if (leads
                    && (own.leaderEpoch() == highest
                            || quorum.isQuorum(voter -> names(voter, entry.getKey(), own.leaderEpoch())))
                    && isFit.test(entry.getKey())) {
                return own.vote();
            }
        }
        return null;
    }

    private boolean names(Member voter, ServerId leader, long epoch) {
        Notification last = heard.get(voter.id());
        if (last == null || !voter.admits(last.disk()) || last.leaderEpoch() != epoch) {
            return false;
        }
        Vote named = last.vote();
        return named != null && named.candidate().equals(leader);
    }
}

package io.holdfast.zab.core.election;

import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.message.Notification;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last word of each voter that says it has a leader, of whatever round, and which of these leaders to believe. */
final class LeaderNews {

    private final Map<ServerId, Notification> heard = new TreeMap<>();

    void put(ServerId from, Notification result) {
        heard.put(from, result);
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
     * @param isQuorum whether these voters are a quorum
     * @param isFit who may be followed from here
     */
    @Nullable
    Vote establishedLeader(Predicate<Set<ServerId>> isQuorum, Predicate<ServerId> isFit) {
        long highest = 0;
        for (Notification notification : heard.values()) {
            highest = Math.max(highest, notification.leaderEpoch());
        }
        for (Map.Entry<ServerId, Notification> entry : heard.entrySet()) {
            Notification own = entry.getValue();
            boolean leads = own.state() == Role.LEADING && own.leaderEpoch() != 0;
            if (leads
                    && (own.leaderEpoch() == highest || isQuorum.test(followers(entry.getKey(), own.leaderEpoch())))
                    && isFit.test(entry.getKey())) {
                return own.vote();
            }
        }
        return null;
    }

    private Set<ServerId> followers(ServerId leader, long epoch) {
        Set<ServerId> followers = new TreeSet<>();
        for (Map.Entry<ServerId, Notification> other : heard.entrySet()) {
            Vote named = other.getValue().vote();
            if (named != null
                    && named.candidate().equals(leader)
                    && other.getValue().leaderEpoch() == epoch) {
                followers.add(other.getKey());
            }
        }
        return followers;
    }
}

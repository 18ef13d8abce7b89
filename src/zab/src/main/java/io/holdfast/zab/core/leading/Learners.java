package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The learners of one leader, over all its phases: one link for each server, the newest. */
public final class Learners {

    private final Replica replica;
    private final Map<ServerId, LearnerProgress> byServer = new TreeMap<>();

    /**
     * What each server acknowledged in this epoch, over all its links: less on a later link means a disk that lost
     * data.
     */
    private final Map<ServerId, Zxid> acknowledged = new TreeMap<>();

    /**
     * Heartbeat rounds are counted over all phases, so that an answer to a round of one phase confirms nothing in the
     * next.
     */
    private long round;

    public Learners(Replica replica) {
        this.replica = replica;
    }

    /** Adds a learner; an older link of the same server is closed. */
    public LearnerProgress add(Link link) {
        LearnerProgress older = byServer.remove(link.peer());
        if (older != null) {
            replica.effects().close(older.link(), "replaced by a newer link of the same server");
        }
        LearnerProgress learner = new LearnerProgress(link, replica.now());
        byServer.put(link.peer(), learner);
        return learner;
    }

    /** Returns the learner on that very link; null when the link is not the current one of its server. */
    public @Nullable LearnerProgress on(Link link) {
        LearnerProgress learner = byServer.get(link.peer());
        return learner != null && learner.link().equals(link) ? learner : null;
    }

    /** Returns the learner on the current link of a server; null when it has none. */
    public @Nullable LearnerProgress of(ServerId server) {
        return byServer.get(server);
    }

    public void remove(Link link) {
        if (on(link) != null) {
            byServer.remove(link.peer());
        }
    }

    /** Ends the link of a learner. */
    public void drop(LearnerProgress learner, String reason) {
        byServer.remove(learner.link().peer());
        replica.effects().close(learner.link(), reason);
    }

    public void dropAll(String reason) {
        for (LearnerProgress learner : List.copyOf(byServer.values())) {
            drop(learner, reason);
        }
    }

    public Collection<LearnerProgress> all() {
        return byServer.values();
    }

    /** Returns a copy, for loops that drop learners. */
    public List<LearnerProgress> copy() {
        return new ArrayList<>(byServer.values());
    }

    /** Returns the servers that are at least that far, this leader included: its own part is for the caller to know. */
    public Set<ServerId> atLeast(LearnerProgress.State state) {
        Set<ServerId> servers = new TreeSet<>();
        servers.add(replica.self());
        for (LearnerProgress learner : byServer.values()) {
            if (learner.isAtLeast(state)) {
                servers.add(learner.link().peer());
            }
        }
        return servers;
    }

    /** Returns whether a quorum is connected, this leader included, even if {@code voter} is on its way out. */
    public boolean isQuorumWithout(ServerId voter, Quorum quorum) {
        Set<ServerId> connected = atLeast(LearnerProgress.State.CONNECTED);
        connected.remove(voter);
        return quorum.isQuorum(connected);
    }

    /** Returns the last heartbeat round begun. */
    public long round() {
        return round;
    }

    long nextRound() {
        return ++round;
    }

    /** Returns what the server acknowledged in this epoch; zero before it did. */
    public Zxid acknowledged(ServerId server) {
        return acknowledged.getOrDefault(server, Zxid.ZERO);
    }

    /** Who left the ensemble may come back as another one, with an empty disk. */
    public void forgetWhoLeft() {
        acknowledged.keySet().removeIf(server -> !replica.quorum().contains(server));
    }

    public void acknowledged(ServerId server, Zxid durable) {
        if (durable.isAfter(acknowledged(server)) && replica.quorum().contains(server)) {
            acknowledged.put(server, durable);
        }
    }
}

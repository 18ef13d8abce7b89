package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.BackOff;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The learners of one leader, over all its phases: one link for each server, the newest. */
public final class Learners {

    private final Replica replica;
    private final Map<ServerId, LearnerProgress> byServer = new TreeMap<>();

    /**
     * What each voter acknowledged in this epoch, over all its links: less on a later link means a disk that lost data.
     */
    private final Map<ServerId, Acknowledged> acknowledged = new TreeMap<>();

    /** Learners whose synchronization ended before it was complete. */
    private final BackOff failures;

    /** Learners that came back with less than they acknowledged. */
    private final Set<ServerId> regressed = new TreeSet<>();

    private record Acknowledged(@Nullable DiskId disk, Zxid durable) {}

    /**
     * Heartbeat rounds are counted over all phases, so that an answer to a round of one phase confirms nothing in the
     * next.
     */
    private long round;

    public Learners(Replica replica) {
        this.replica = replica;
        this.failures = new BackOff(replica);
    }

    /** Adds a learner; an older link of the same server is closed. */
    public LearnerProgress add(Link link) {
        LearnerProgress older = byServer.remove(link.peer());
        if (older != null) {
            ended(older);
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
        LearnerProgress learner = on(link);
        if (learner != null) {
            byServer.remove(link.peer());
            ended(learner);
        }
    }

    private void ended(LearnerProgress learner) {
        if (learner.state() == LearnerProgress.State.SYNCING) {
            failures.failed(learner.link().peer());
        }
    }

    /** A learner adopted this leader's history. */
    void synced(LearnerProgress learner) {
        failures.succeeded(learner.link().peer());
        regressed.remove(learner.link().peer());
    }

    /** A learner came back with less than it acknowledged; returns whether that is news. */
    boolean regressed(LearnerProgress learner) {
        return regressed.add(learner.link().peer());
    }

    /** Returns whether a learner need not wait after a synchronization that failed. */
    boolean mayBegin(LearnerProgress learner) {
        return failures.isReady(learner.link().peer());
    }

    /** Ends the link of a learner. */
    public void drop(LearnerProgress learner, String reason) {
        byServer.remove(learner.link().peer());
        ended(learner);
        replica.effects().close(learner.link(), reason);
    }

    /**
     * Ends the link of a learner that does not speak the level of the newest configuration; returns whether it did.
     *
     * @param protocol highest version of the peer protocol that the learner speaks
     */
    public boolean dropIfTooOld(LearnerProgress learner, int protocol) {
        Configuration newest = replica.quorum().latest();
        boolean tooOld = protocol < newest.level();
        if (tooOld) {
            drop(
                    learner,
                    "speaks version " + protocol + " of the peer protocol at most, and configuration "
                            + newest.version() + " is of level " + newest.level());
        }
        return tooOld;
    }

    public void dropAll(String reason) {
        replica.keepFrom(null);
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

    /** Returns whether a quorum is at least that far, this leader included: its own part is for the caller to know. */
    public boolean isQuorum(LearnerProgress.State state) {
        return replica.quorum().isQuorum(voter -> has(voter, state));
    }

    /** Returns whether a voter, with the disk that it is bound to, is at least that far, or is this leader itself. */
    public boolean has(Member voter, LearnerProgress.State state) {
        LearnerProgress learner = byServer.get(voter.id());
        return replica.isMember(voter) || (learner != null && learner.isAtLeast(state) && learner.is(voter));
    }

    /** Returns whether a quorum is connected, this leader included, even if {@code leaving} is on its way out. */
    public boolean isQuorumWithout(ServerId leaving) {
        return replica.quorum()
                .isQuorum(voter -> !voter.id().equals(leaving) && has(voter, LearnerProgress.State.CONNECTED));
    }

    /** Returns whether the voice of a learner counts. */
    public boolean isVoter(LearnerProgress learner) {
        return replica.quorum().isVoter(learner.link().peer(), learner.disk());
    }

    /** Returns the last heartbeat round begun. */
    public long round() {
        return round;
    }

    long nextRound() {
        return ++round;
    }

    /**
     * Returns what that voter acknowledged in this epoch; zero before it did. Another disk has acknowledged nothing,
     * except where members are not told apart by their disks: there it is the same voter, which has lost something.
     */
    public Zxid acknowledged(LearnerProgress voter) {
        ServerId server = voter.link().peer();
        Acknowledged last = acknowledged.get(server);
        boolean same = last != null
                && (replica.quorum().latest().disk(server) == null || Objects.equals(last.disk(), voter.disk()));
        return last != null && same ? last.durable() : Zxid.ZERO;
    }

    /** Who left the ensemble may come back as another one, with an empty disk. */
    public void forgetWhoLeft() {
        acknowledged.keySet().removeIf(server -> !replica.quorum().contains(server));
    }

    /** Notes an acknowledgement that counts. */
    public void acknowledged(LearnerProgress voter, Zxid durable) {
        ServerId server = voter.link().peer();
        if (durable.isAfter(acknowledged(voter)) && replica.quorum().contains(server)) {
            acknowledged.put(server, new Acknowledged(voter.disk(), durable));
        }
    }
}

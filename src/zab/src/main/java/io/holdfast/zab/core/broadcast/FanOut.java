package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.LetGo;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who feeds which observer (decision 0018), as its leader decides: it feeds a few itself, and has its followers feed
 * the others. What is to vote comes to the leader itself.
 */
final class FanOut {

    private final Replica replica;
    private final Learners learners;
    private final long epoch;

    /** Observers that are to vote, and until when the leader feeds them for that; bounded by the members. */
    private final Map<ServerId, Long> calledUntil = new TreeMap<>();

    /** Observers that the leader feeds until it has heard what they speak; bounded by the members. */
    private final Set<ServerId> heldForLevel = new TreeSet<>();

    /** Which follower each observer was sent to last, unless the leader feeds it; bounded by the members. */
    private final Map<ServerId, Assignment> assigned = new TreeMap<>();

    /** Observers that had to leave a follower for one that feeds fewer, and until when they are left in peace. */
    private final Map<ServerId, Long> movedUntil = new TreeMap<>();

    private long nextMoveAt = Long.MIN_VALUE;

    private record Assignment(ServerId relay, long at) {}

    FanOut(Replica replica, Learners learners, long epoch) {
        this.replica = replica;
        this.learners = learners;
        this.epoch = epoch;
    }

    /** Sends an observer to the follower that is to feed it, which is returned; null when the leader does. */
    @Nullable
    ServerId relayFor(ServerId observer, Set<ServerId> avoids) {
        if (mayRaise()) {
            heldForLevel.add(observer);
        }
        ServerId relay = fittest(observer, avoids);
        if (relay == null) {
            assigned.remove(observer);
        } else {
            assigned.put(observer, new Assignment(relay, replica.now()));
        }
        return relay;
    }

    /**
     * Returns one of the followers that feed the fewest others, neighbours get different ones; null when the leader
     * feeds it, as it does with those that have a voter's id.
     */
    private @Nullable ServerId fittest(ServerId observer, Set<ServerId> avoids) {
        if (replica.quorum().isVoter(observer)
                || mayRaise()
                || calledUntil.getOrDefault(observer, Long.MIN_VALUE) > replica.now()
                || directBeside(observer) < replica.config().directObservers()) {
            return null;
        }
        List<ServerId> fit = new ArrayList<>();
        int fewest = Integer.MAX_VALUE;
        for (LearnerProgress learner : learners.all()) {
            ServerId server = learner.link().peer();
            if (isRelay(learner) && !avoids.contains(server)) {
                int others = fedBy(server) - (isAssigned(observer, server) ? 1 : 0);
                if (others < fewest) {
                    fewest = others;
                    fit.clear();
                }
                if (others == fewest) {
                    fit.add(server);
                }
            }
        }
        return fit.isEmpty() ? null : fit.get(observer.value() % fit.size());
    }

    /** Before the level can rise, the leader has to hear from each observer which versions it speaks. */
    private boolean mayRaise() {
        int level = replica.configuration().level();
        return level < Configuration.DISKS_LEVEL && level < replica.config().protocolMax();
    }

    private boolean isRelay(LearnerProgress learner) {
        return learner.state() == State.SYNCED && learners.isVoter(learner);
    }

    private boolean isAssigned(ServerId observer, ServerId relay) {
        Assignment assignment = assigned.get(observer);
        return assignment != null && assignment.relay().equals(relay);
    }

    private int fedBy(ServerId relay) {
        int fed = 0;
        for (Assignment assignment : assigned.values()) {
            fed += assignment.relay().equals(relay) ? 1 : 0;
        }
        return fed;
    }

    /**
     * Has one observer change over when a follower feeds two or more above another, as when that one was away: one at a
     * time, none soon again, and none for a follower that has just come.
     */
    void spread() {
        if (replica.now() < nextMoveAt) {
            return;
        }
        nextMoveAt = replica.in(replica.config().syncLimitMillis());
        movedUntil.values().removeIf(until -> until <= replica.now());
        assigned.entrySet()
                .removeIf(entry ->
                        replica.isOlder(entry.getValue().at(), replica.config().initLimitMillis())
                                && relayOf(entry.getKey()) == null);
        LearnerProgress most = null;
        LearnerProgress fewest = null;
        for (LearnerProgress learner : learners.all()) {
            if (isRelay(learner)
                    && replica.isOlder(learner.since(), replica.config().syncLimitMillis())) {
                int fed = fedBy(learner.link().peer());
                most = most == null || fed > fedBy(most.link().peer()) ? learner : most;
                fewest = fewest == null || fed < fedBy(fewest.link().peer()) ? learner : fewest;
            }
        }
        if (most != null
                && fewest != null
                && fedBy(most.link().peer()) - fedBy(fewest.link().peer()) > 1) {
            moveOneFrom(most);
        }
    }

    private void moveOneFrom(LearnerProgress relay) {
        for (MemberState fed : relay.relayed()) {
            if (!movedUntil.containsKey(fed.id())
                    && isAssigned(fed.id(), relay.link().peer())) {
                movedUntil.put(
                        fed.id(),
                        replica.in(Election.AVOID_INIT_LIMITS * replica.config().initLimitMillis()));
                replica.effects().send(relay.link(), new LetGo(epoch, fed.id()));
                return;
            }
        }
    }

    private int directBeside(ServerId observer) {
        int direct = 0;
        for (LearnerProgress learner : learners.all()) {
            boolean fed = isObserver(learner) && learner.isAtLeast(State.INTRODUCED);
            direct += fed && !learner.link().peer().equals(observer) ? 1 : 0;
        }
        return direct;
    }

    private boolean isObserver(LearnerProgress learner) {
        return !replica.quorum().isVoter(learner.link().peer());
    }

    /**
     * Returns an observer that the leader feeds for want of a follower, when there is one by now; what could not feed
     * it before is tried again after a while.
     */
    @Nullable
    LearnerProgress surplus() {
        long initLimit = replica.config().initLimitMillis();
        for (LearnerProgress learner : learners.all()) {
            ServerId observer = learner.link().peer();
            boolean due = heldForLevel.contains(observer) || replica.isOlder(learner.since(), initLimit);
            if (isObserver(learner) && learner.state() == State.SYNCED && due) {
                boolean forgiven = replica.isOlder(learner.since(), Election.AVOID_INIT_LIMITS * initLimit);
                if (fittest(observer, forgiven ? new TreeSet<>() : learner.avoids()) != null) {
                    heldForLevel.remove(observer);
                    return learner;
                }
            }
        }
        return null;
    }

    /** Has the leader feed those observers itself that are to vote; returns whether one has to come for that. */
    boolean call(Configuration next) {
        boolean anyComes = false;
        for (ServerId voter : next.voters()) {
            LearnerProgress relay = replica.quorum().isVoter(voter) ? null : relayOf(voter);
            if (relay != null) {
                calledUntil.put(voter, replica.in(replica.config().initLimitMillis()));
                replica.effects().send(relay.link(), new LetGo(epoch, voter));
                anyComes = true;
            }
        }
        return anyComes;
    }

    private @Nullable LearnerProgress relayOf(ServerId observer) {
        if (learners.of(observer) != null) {
            return null;
        }
        for (LearnerProgress learner : learners.all()) {
            if (learner.relayed().stream().anyMatch(member -> member.id().equals(observer))) {
                return learner;
            }
        }
        return null;
    }
}

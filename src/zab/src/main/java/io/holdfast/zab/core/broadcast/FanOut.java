package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Configuration;
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

    FanOut(Replica replica, Learners learners, long epoch) {
        this.replica = replica;
        this.learners = learners;
        this.epoch = epoch;
    }

    /**
     * Returns the follower that is to feed an observer; null when the leader does, as it does with those that have a
     * voter's id. The same observer gets the same one of the same followers, and neighbours get different ones.
     */
    @Nullable
    ServerId relayFor(ServerId observer, Set<ServerId> avoids) {
        if (mayRaise()) {
            heldForLevel.add(observer);
            return null;
        }
        if (replica.quorum().isVoter(observer)
                || calledUntil.getOrDefault(observer, Long.MIN_VALUE) > replica.now()
                || directBeside(observer) < replica.config().directObservers()) {
            return null;
        }
        List<ServerId> fit = new ArrayList<>();
        for (LearnerProgress learner : learners.all()) {
            ServerId server = learner.link().peer();
            if (learner.state() == State.SYNCED && learners.isVoter(learner) && !avoids.contains(server)) {
                fit.add(server);
            }
        }
        return fit.isEmpty() ? null : fit.get(observer.value() % fit.size());
    }

    /** Before the level can rise, the leader has to hear from each observer which versions it speaks. */
    private boolean mayRaise() {
        int level = replica.configuration().level();
        return level < Configuration.DISKS_LEVEL && level < replica.config().protocolMax();
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
                if (relayFor(observer, forgiven ? new TreeSet<>() : learner.avoids()) != null) {
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

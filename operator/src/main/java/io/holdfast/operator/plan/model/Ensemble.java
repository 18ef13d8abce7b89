package io.holdfast.operator.plan.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the servers have agreed on. */
final class Ensemble {
    final long generation;
    long version = 1;
    boolean pending;
    int leader;
    long epoch = 1;
    final TreeMap<Integer, Member> members = new TreeMap<>();

    Ensemble(long generation) {
        this.generation = generation;
    }

    Ensemble copy() {
        Ensemble copy = new Ensemble(generation);
        copy.version = version;
        copy.pending = pending;
        copy.leader = leader;
        copy.epoch = epoch;
        members.forEach((id, member) -> copy.members.put(id, member.copy()));
        return copy;
    }

    List<Integer> voters() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().votes)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A member of the configuration. */
    static final class Member {
        boolean votes;

        @Nullable
        String votingDisk;

        /** It is no pod of ours, and it is well. */
        boolean elsewhere;

        Member(boolean votes, @Nullable String votingDisk) {
            this.votes = votes;
            this.votingDisk = votingDisk;
        }

        Member copy() {
            Member copy = new Member(votes, votingDisk);
            copy.elsewhere = elsewhere;
            return copy;
        }
    }
}

package io.holdfast.operator.backup;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * A ready pod from which a backup can be fetched.
 *
 * @param pod its name
 * @param member its id
 * @param observer whether it has no vote
 * @param role what it said it does
 */
record Source(String pod, int member, boolean observer, Role role) {

    /** What a pod said it does. */
    enum Role {
        /** It follows a leader, or observes one. */
        FOLLOWS,
        /** It did not answer. */
        UNKNOWN,
        /** It leads. */
        LEADS
    }

    /** The later, the less it should be asked: a backup costs the node that gives it work. */
    private static final Comparator<Source> PREFERENCE = Comparator.comparing(Source::role)
            .thenComparing(source -> !source.observer())
            .thenComparing(Source::member, Comparator.reverseOrder());

    /** Returns the one to ask: an observer, else a follower, the leader only when no other is ready. */
    static Optional<Source> best(Collection<Source> ready) {
        return ready.stream().min(PREFERENCE);
    }
}

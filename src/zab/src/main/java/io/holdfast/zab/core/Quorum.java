package io.holdfast.zab.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The servers that must agree: a quorum of the committed configuration and, while a change is pending, one of the
 * pending configuration too (a joint quorum, protocol.md#reconfiguration).
 *
 * @param committed the configuration in force
 * @param pending the one that is to replace it; null when no change is under way
 */
public record Quorum(Configuration committed, @Nullable Configuration pending) {

    public static Quorum of(Configuration committed) {
        return new Quorum(committed, null);
    }

    public boolean isQuorum(Collection<ServerId> servers) {
        return committed.isQuorum(servers) && (pending == null || pending.isQuorum(servers));
    }

    /**
     * Returns whether a quorum is present.
     *
     * @param isPresent asked of each voter of each configuration: whoever has the voter's id but another disk than that
     *     configuration binds it to is not that voter
     */
    public boolean isQuorum(Predicate<Member> isPresent) {
        return committed.isQuorum(isPresent) && (pending == null || pending.isQuorum(isPresent));
    }

    public boolean isVoter(ServerId server) {
        return committed.isVoter(server) || (pending != null && pending.isVoter(server));
    }

    /** Returns whether the voice of a server with that id and disk counts anywhere. */
    public boolean isVoter(ServerId server, @Nullable DiskId disk) {
        return committed.isVoter(server, disk) || (pending != null && pending.isVoter(server, disk));
    }

    /** Returns whether a server with that id and disk is a member, not only one with that id. */
    public boolean admits(ServerId server, @Nullable DiskId disk) {
        return committed.admits(server, disk) || (pending != null && pending.admits(server, disk));
    }

    /** Returns the ids of all whose voice counts, in order. */
    public Set<ServerId> voters() {
        Set<ServerId> voters = committed.voters();
        if (pending != null) {
            voters.addAll(pending.voters());
        }
        return voters;
    }

    public boolean contains(ServerId server) {
        return committed.contains(server) || (pending != null && pending.contains(server));
    }

    /** Returns the newest configuration, in force or not. */
    public Configuration latest() {
        return pending == null ? committed : pending;
    }

    /**
     * Returns all members with the newest that is known of each. While a change is pending they may be more than one
     * configuration may have: {@link #mayFollow} keeps that from being proposed, a log that has it is still read.
     */
    public List<Member> everyone() {
        if (pending == null) {
            return committed.members();
        }
        List<Member> members = new ArrayList<>(pending.members());
        for (Member member : committed.members()) {
            if (!pending.contains(member.id())) {
                members.add(member);
            }
        }
        return members;
    }

    /**
     * Returns whether {@code next} and the configuration in force have at most {@link Configuration#MAX_MEMBERS}
     * members together, which is what all that counts members by id is made for.
     */
    public boolean mayFollow(Configuration next) {
        return new Quorum(committed, next).everyone().size() <= Configuration.MAX_MEMBERS;
    }

    /**
     * Returns the greatest value that a quorum has reached: values are cumulative, so who has reached one has reached
     * all below.
     *
     * @param reached how far a voter is; asked of each voter of each configuration, since one that has another disk
     *     than a configuration binds it to has reached nothing there
     */
    public long reachedByQuorum(ToLongFunction<Member> reached) {
        long value = reached(committed, reached);
        return pending == null ? value : Math.min(value, reached(pending, reached));
    }

    private static long reached(Configuration configuration, ToLongFunction<Member> reached) {
        long[] values = new long[configuration.members().size()];
        int voters = 0;
        for (Member member : configuration.members()) {
            if (member.role() == MemberRole.VOTER) {
                values[voters++] = reached.applyAsLong(member);
            }
        }
        Arrays.sort(values, 0, voters);
        // A quorum of q voters has reached the q-th value from the top.
        return values[voters - configuration.quorumSize(voters)];
    }
}

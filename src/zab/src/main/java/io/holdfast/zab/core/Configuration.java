package io.holdfast.zab.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The members of an ensemble and, from them, what a quorum is.
 *
 * @param version grows by one with every change; 0 is the configuration that a new ensemble starts from
 * @param members ordered by id, each id once, at least one voter
 */
public record Configuration(long version, List<Member> members) {

    public static final int MAX_MEMBERS = 64;

    /** Orders the members and checks them. */
    public Configuration {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::id));
        if (sorted.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(sorted.size() + " members, at most " + MAX_MEMBERS);
        }
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
                throw new IllegalArgumentException("member id " + sorted.get(i).id() + " is given twice");
            }
        }
        members = List.copyOf(sorted);
        if (members.stream().noneMatch(m -> m.role() == MemberRole.VOTER)) {
            throw new IllegalArgumentException("a configuration needs at least one voter");
        }
    }

    /** Returns the ids of the voters, in order. */
    public Set<ServerId> voters() {
        Set<ServerId> voters = new TreeSet<>();
        for (Member member : members) {
            if (member.role() == MemberRole.VOTER) {
                voters.add(member.id());
            }
        }
        return voters;
    }

    public boolean isVoter(ServerId id) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return member.role() == MemberRole.VOTER;
            }
        }
        return false;
    }

    public boolean contains(ServerId id) {
        return members.stream().anyMatch(m -> m.id().equals(id));
    }

    /**
     * Returns the member with that id.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Member member(ServerId id) {
        return members.stream()
                .filter(m -> m.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member has id " + id));
    }

    /**
     * Returns whether strictly more than half of the voters are among {@code servers}; who is no voter does not count.
     */
    public boolean isQuorum(Collection<ServerId> servers) {
        int voters = 0;
        int present = 0;
        for (Member member : members) {
            if (member.role() == MemberRole.VOTER) {
                voters++;
                if (servers.contains(member.id())) {
                    present++;
                }
            }
        }
        return present > voters / 2;
    }
}

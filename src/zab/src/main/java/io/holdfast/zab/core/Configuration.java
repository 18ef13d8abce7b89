package io.holdfast.zab.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members of an ensemble and, from them, what a quorum is.
 *
 * <p>The one that a new ensemble starts from is special from {@link #DISKS_LEVEL} on: it {@link #isFounding names no
 * disks}, so nobody can tell its voters from voters that lost theirs, and all of them must agree.
 *
 * @param version grows by one with every change; 0 is the configuration that a new ensemble starts from
 * @param generation {@link #FIRST_GENERATION} for an ensemble that was never restored; grows when one is restored from
 *     a backup or from what a lost quorum left, so that servers of before have no part in it; no change changes it
 * @param level version of the peer protocol, and of the replicated rules and formats, that all members have agreed on,
 *     {@link #FIRST_LEVEL} at first; it never falls
 * @param members ordered by id, each id once, at least one voter
 */
public record Configuration(long version, long generation, int level, List<Member> members) {

    public static final int MAX_MEMBERS = 64;

    /** No ensemble gets there; a version has one after it. */
    public static final long MAX_VERSION = 1L << 62;

    public static final long FIRST_GENERATION = 1;
    public static final int FIRST_LEVEL = 1;

    /** The highest level that this release knows: the one that replicated rules and formats have got to. */
    public static final int NEWEST_LEVEL = 3;

    /** From this level on a configuration may say which disks its members have. */
    public static final int DISKS_LEVEL = 2;

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
        if (version < 0 || version > MAX_VERSION) {
            throw new IllegalArgumentException("version " + version + " is not 0 to " + MAX_VERSION);
        }
        if (generation < FIRST_GENERATION || level < FIRST_LEVEL) {
            throw new IllegalArgumentException("generation " + generation + " or level " + level + " is below 1");
        }
        if (level < DISKS_LEVEL && members.stream().anyMatch(m -> m.disk() != null)) {
            throw new IllegalArgumentException("level " + level + " knows no disks of members");
        }
    }

    /**
     * Makes the configuration that a new ensemble starts from. Each founder makes its own, so it says nothing that they
     * might not have in common: its level is the lowest that tells disks apart, and the first transaction has the
     * newest that all founders speak.
     *
     * @param generation as this founder draws it; the leader's is in the first transaction
     */
    public static Configuration founding(long generation, List<Member> members) {
        return new Configuration(0, generation, DISKS_LEVEL, members);
    }

    /**
     * Returns whether a new ensemble starts from this one, and whether its voters are to be told apart by disks that
     * are not bound yet. Its only quorum is all of its voters: with fewer, some who never had anything and some who
     * lost what they acknowledged could begin anew beside those who still have it (decision 0033). The first
     * transaction of its first leader binds the disks of all, and an ordinary quorum is enough from there on.
     */
    public boolean isFounding() {
        return version == 0 && level >= DISKS_LEVEL;
    }

    /**
     * Returns how many voters are a quorum.
     *
     * @param voters how many there are
     */
    int quorumSize(int voters) {
        return isFounding() ? voters : voters / 2 + 1;
    }

    /** Makes a configuration of the first generation and level. */
    public Configuration(long version, List<Member> members) {
        this(version, FIRST_GENERATION, FIRST_LEVEL, members);
    }

    /** Returns the configuration that follows this one, with other members. */
    public Configuration next(List<Member> next) {
        return next(level, next);
    }

    /** Returns the configuration that follows this one, with another level and other members. */
    public Configuration next(int nextLevel, List<Member> next) {
        return new Configuration(version + 1, generation, nextLevel, next);
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

    /** Returns whether a server with that id and disk votes. */
    public boolean isVoter(ServerId id, @Nullable DiskId disk) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return member.role() == MemberRole.VOTER && member.admits(disk);
            }
        }
        return false;
    }

    /** Returns whether a server with that id and disk is a member, not only one with that id. */
    public boolean admits(ServerId id, @Nullable DiskId disk) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return member.admits(disk);
            }
        }
        return false;
    }

    public boolean contains(ServerId id) {
        return members.stream().anyMatch(m -> m.id().equals(id));
    }

    /** Returns the disk that the member with that id is bound to; null when it is bound to none, or is no member. */
    public @Nullable DiskId disk(ServerId id) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return member.disk();
            }
        }
        return null;
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
     * Returns whether a quorum, strictly more than half of the voters, is among {@code servers}, whatever their disks;
     * who is no voter does not count.
     */
    public boolean isQuorum(Collection<ServerId> servers) {
        return isQuorum(voter -> servers.contains(voter.id()));
    }

    /**
     * Returns whether a quorum of the voters is present.
     *
     * @param isPresent asked of each voter; whoever has its id but another disk is not that voter
     */
    public boolean isQuorum(Predicate<Member> isPresent) {
        int voters = 0;
        int present = 0;
        for (Member member : members) {
            if (member.role() == MemberRole.VOTER) {
                voters++;
                if (isPresent.test(member)) {
                    present++;
                }
            }
        }
        return present >= quorumSize(voters);
    }
}

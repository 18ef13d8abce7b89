package io.holdfast.server.replica;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The configuration that a wanted change makes of the present one. Whether it may be proposed now is not asked here.
 */
final class NextConfiguration {

    private final Configuration now;
    private final Predicate<Member> hasOtherDisk;
    private final Supplier<AppliedAt> at;

    private NextConfiguration(Configuration now, Predicate<Member> hasOtherDisk, Supplier<AppliedAt> at) {
        this.now = now;
        this.hasOtherDisk = hasOtherDisk;
        this.at = at;
    }

    /**
     * Returns the configuration after a change; {@code now} itself when all is as wanted.
     *
     * @param hasOtherDisk whether the node that is there under a member's id has another disk than that member votes
     *     with; whoever asks for its vote means the disk that it has now
     * @throws Refused when the change makes no configuration, whoever is up
     */
    static Configuration of(
            Configuration now, MemberChange wanted, Predicate<Member> hasOtherDisk, Supplier<AppliedAt> at) {
        NextConfiguration next = new NextConfiguration(now, hasOtherDisk, at);
        if (wanted instanceof MemberChange.Add add) {
            return next.with(add);
        }
        if (wanted instanceof MemberChange.Update update) {
            return next.with(update);
        }
        return next.without(new ServerId(wanted.id()));
    }

    private Configuration with(MemberChange.Add add) {
        ServerId id = new ServerId(add.id());
        if (now.contains(id)) {
            Member known = now.member(id);
            if (known.host().equals(add.host()) && known.port() == add.port()) {
                return now;
            }
            throw refused(
                    Problem.MEMBER_MISMATCH,
                    "id " + id + " belongs to the member at " + ClusterViews.address(known)
                            + "; choose an id that was never used, or move that member with PATCH");
        }
        if (now.members().size() >= Configuration.MAX_MEMBERS) {
            throw refused(
                    Problem.QUOTA_EXCEEDED,
                    "an ensemble has at most " + Configuration.MAX_MEMBERS + " members; remove one first");
        }
        Member added = new Member(id, MemberRole.OBSERVER, add.host(), add.port());
        requireFree(added);
        List<Member> members = new ArrayList<>(now.members());
        members.add(added);
        return after(members);
    }

    private Configuration with(MemberChange.Update update) {
        Member old = known(new ServerId(update.id()));
        MemberRole role = old.role();
        if (update.voter() != null) {
            role = update.voter() ? MemberRole.VOTER : MemberRole.OBSERVER;
        }
        boolean moves = update.host() != null && !(old.host().equals(update.host()) && old.port() == update.port());
        boolean readmits = Boolean.TRUE.equals(update.voter()) && hasOtherDisk.test(old);
        if (role == old.role() && !moves && !readmits) {
            return now;
        }
        String host = update.host() == null ? old.host() : update.host();
        // The leader fills in the disk that it sees where none is named.
        DiskId disk = readmits ? null : old.disk();
        Member changed = new Member(old.id(), role, host, moves ? update.port() : old.port(), disk);
        requireFree(changed);
        List<Member> members = new ArrayList<>(now.members());
        members.set(members.indexOf(old), changed);
        return after(members);
    }

    private Configuration without(ServerId id) {
        Member old = known(id);
        List<Member> members = new ArrayList<>(now.members());
        members.remove(old);
        return after(members);
    }

    private Configuration after(List<Member> members) {
        if (members.stream().noneMatch(member -> member.role() == MemberRole.VOTER)) {
            throw refused(
                    Problem.WOULD_LOSE_QUORUM,
                    "this is the only voter, and nobody could decide anything without it; promote another first");
        }
        return now.next(members);
    }

    private Member known(ServerId id) {
        if (!now.contains(id)) {
            throw refused(
                    Problem.MEMBER_UNKNOWN,
                    "no member of configuration " + now.version() + " has id " + id
                            + ": it was removed before, or never added");
        }
        return now.member(id);
    }

    /** Two members at one address would be one process with two voices. */
    private void requireFree(Member wanted) {
        for (Member member : now.members()) {
            boolean same = member.host().equals(wanted.host()) && member.port() == wanted.port();
            if (same && !member.id().equals(wanted.id())) {
                throw refused(
                        Problem.MEMBER_MISMATCH,
                        ClusterViews.address(wanted) + " is the address of member " + member.id()
                                + "; give each member a peer port of its own");
            }
        }
    }

    private Refused refused(Problem problem, String message) {
        return new Refused(problem, message, at.get(), null);
    }
}

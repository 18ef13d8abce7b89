package io.holdfast.simulator.check;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may count in a quorum: a server with one of the disks that it ever had.
 *
 * @param disk null while the server never started with it
 */
public record Voice(ServerId server, @Nullable DiskId disk) {

    /** Returns whether it is that voter: one that is bound to no disk is any server with its id. */
    boolean is(Member voter) {
        return voter.role() == MemberRole.VOTER
                && voter.id().equals(server)
                && (voter.disk() == null || voter.disk().equals(disk));
    }

    boolean isAny(List<Member> members) {
        return members.stream().anyMatch(this::is);
    }
}

package io.holdfast.zab.core.message;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.ServerId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Learner to leader, first on a link: what the learner promised so far.
 *
 * @param diskId identity of the learner's data directory
 * @param acceptedEpoch highest epoch promised to anybody
 * @param acceptedLeader to whom that epoch was promised; null when none was
 * @param configVersion version of the configuration that the learner knows to be in force
 * @param protocol newest version of the peer protocol that the learner speaks
 * @param avoids followers that could not feed this observer lately; empty for a voter
 * @param info what the learner says of itself; {@link MemberInfo#NONE} when nothing, or the link is of an older version
 */
public record FollowerInfo(
        DiskId diskId,
        long acceptedEpoch,
        @Nullable ServerId acceptedLeader,
        long configVersion,
        int protocol,
        Set<ServerId> avoids,
        MemberInfo info)
        implements ReplicationMessage {

    /** Copies and orders the set. */
    public FollowerInfo {
        avoids = Collections.unmodifiableSet(new TreeSet<>(avoids));
    }

    /** Makes one of a learner that says nothing of itself. */
    public FollowerInfo(
            DiskId diskId,
            long acceptedEpoch,
            @Nullable ServerId acceptedLeader,
            long configVersion,
            int protocol,
            Set<ServerId> avoids) {
        this(diskId, acceptedEpoch, acceptedLeader, configVersion, protocol, avoids, MemberInfo.NONE);
    }

    /** Returns whether the learner can still promise {@code epoch} to {@code leader}, or has done so already. */
    public boolean mayPromise(long epoch, ServerId leader) {
        return acceptedEpoch < epoch || (acceptedEpoch == epoch && leader.equals(acceptedLeader));
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onFollowerInfo(from, this);
    }
}

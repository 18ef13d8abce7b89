package io.holdfast.simulator.check;

import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import java.util.Map;
import java.util.TreeMap;

/** For each epoch at most one server ever got as far as synchronization as its leader. */
final class LeadershipPerEpoch extends Invariant {

    private final Map<Long, ServerId> leaders = new TreeMap<>();

    LeadershipPerEpoch(Knowledge known) {
        super("I-LEADER", known);
    }

    @Override
    public void became(ServerId at, Role role, Phase phase, long epoch) {
        if (role == Role.LEADING && (phase == Phase.SYNCHRONIZATION || phase == Phase.BROADCAST)) {
            ServerId other = leaders.putIfAbsent(epoch, at);
            require(other == null || other.equals(at), "%s and %s lead epoch %s", other, at, epoch);
        }
    }
}

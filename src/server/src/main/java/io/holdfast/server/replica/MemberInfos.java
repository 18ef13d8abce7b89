package io.holdfast.server.replica;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the members said of themselves last. A leader tells it to all; it is remembered here, because a client that
 * looks for another node needs it most when no leader tells anything, or this node is removed. Bounded by the members
 * of the configurations that count.
 *
 * <p>Learns on the node's context, read by any thread.
 */
final class MemberInfos {

    private final ServerId self;
    private volatile MemberInfo own = MemberInfo.NONE;
    private List<MemberState> seen = List.of();
    private volatile Map<ServerId, MemberInfo> known = Map.of();

    MemberInfos(ServerId self) {
        this.self = self;
    }

    /** Sets what this node says of itself. */
    void own(MemberInfo said) {
        own = said;
    }

    /** Learns what the leader said last; on the node's context. */
    void learn(Zab.Status status) {
        if (status.members() == seen) {
            return;
        }
        seen = status.members();
        Map<ServerId, MemberState> states = new HashMap<>();
        seen.forEach(state -> states.put(state.id(), state));
        Map<ServerId, MemberInfo> now = new TreeMap<>();
        for (Member member : status.quorum().everyone()) {
            MemberState state = states.get(member.id());
            now.put(member.id(), state == null ? of(member.id()) : state.info());
        }
        if (!now.equals(known)) {
            known = now;
        }
    }

    /** Returns what that member said of itself; nothing when it never said anything here. */
    MemberInfo of(ServerId member) {
        return member.equals(self) ? own : known.getOrDefault(member, MemberInfo.NONE);
    }
}

package io.holdfast.server.replica;

import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where clients reach each member, as the members said last. A leader tells it to all; it is remembered here, because a
 * client that looks for another node needs it most when no leader tells anything, or this node is removed. Bounded by
 * the members of the configurations that count.
 *
 * <p>Written on the node's context, read by any thread.
 */
final class ClientUrls {

    private final ServerId self;
    private final @Nullable String own;
    private List<MemberState> seen = List.of();
    private volatile Map<ServerId, String> known = Map.of();

    /**
     * Creates one that knows only this node.
     *
     * @param own where clients reach this node; null when it was not told
     */
    ClientUrls(ServerId self, @Nullable String own) {
        this.self = self;
        this.own = own;
    }

    /** Learns what the leader said last; on the node's context. */
    void learn(Zab.Status status) {
        if (status.members() == seen) {
            return;
        }
        seen = status.members();
        Map<ServerId, MemberState> states = new HashMap<>();
        seen.forEach(state -> states.put(state.id(), state));
        Map<ServerId, String> now = new TreeMap<>();
        for (Member member : status.quorum().everyone()) {
            MemberState state = states.get(member.id());
            String url = state == null ? known.get(member.id()) : state.clientUrl();
            if (url != null) {
                now.put(member.id(), url);
            }
        }
        if (!now.equals(known)) {
            known = now;
        }
    }

    /** Returns where clients reach that member; null when it never said so here. */
    @Nullable
    String of(ServerId member) {
        return member.equals(self) ? own : known.get(member);
    }
}

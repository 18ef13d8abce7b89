package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemberInfosTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final ServerId THREE = new ServerId(3);

    private final MemberInfos infos = new MemberInfos(ONE);

    private static MemberInfo info(@Nullable String url) {
        return new MemberInfo(url, url == null ? null : "0.1." + url.length());
    }

    private static MemberState state(ServerId id, @Nullable String url) {
        return new MemberState(id, Role.FOLLOWING, Phase.BROADCAST, Zxid.ZERO, Zxid.ZERO, Zxid.ZERO, null, info(url));
    }

    private static Zab.Status status(int members, MemberState... states) {
        var ids = IntStream.rangeClosed(1, members)
                .mapToObj(id -> new Member(new ServerId(id), MemberRole.VOTER, "10.0.0." + id, 7101))
                .toList();
        return new Zab.Status(
                Role.FOLLOWING,
                Phase.BROADCAST,
                3,
                TWO,
                Zxid.ZERO,
                Zxid.ZERO,
                Zxid.ZERO,
                Zxid.ZERO,
                0,
                0,
                Quorum.of(new Configuration(1, ids)),
                true,
                new DiskId(1, 1),
                List.of(states),
                List.of());
    }

    @Test
    void whatMembersSaidIsKnownAlsoWhileThereIsNoLeader() {
        infos.own(info("http://one"));
        assertEquals(info("http://one"), infos.of(ONE));
        assertEquals(MemberInfo.NONE, infos.of(TWO));
        infos.learn(status(3, state(TWO, "http://two"), state(THREE, "http://three")));
        infos.learn(status(3));
        assertEquals(info("http://two"), infos.of(TWO));
        infos.learn(status(3, state(TWO, "http://moved")));
        assertEquals(info("http://moved"), infos.of(TWO));
        assertEquals(info("http://three"), infos.of(THREE));
        assertEquals(info("http://one"), infos.of(ONE));
    }

    @Test
    void aMemberThatSaysNothingMoreAndOneThatLeftAreForgotten() {
        infos.learn(status(3, state(TWO, "http://two"), state(THREE, "http://three")));
        infos.learn(status(2, state(TWO, null)));
        assertEquals(MemberInfo.NONE, infos.of(TWO));
        assertEquals(MemberInfo.NONE, infos.of(THREE));
        infos.learn(status(3));
        assertEquals(MemberInfo.NONE, infos.of(THREE));
    }
}

package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
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

class ClientUrlsTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final ServerId THREE = new ServerId(3);

    private final ClientUrls urls = new ClientUrls(ONE, "http://one");

    private static MemberState state(ServerId id, @Nullable String url) {
        return new MemberState(id, Role.FOLLOWING, Phase.BROADCAST, Zxid.ZERO, Zxid.ZERO, Zxid.ZERO, null, url);
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
        assertEquals("http://one", urls.of(ONE));
        assertNull(urls.of(TWO));
        urls.learn(status(3, state(TWO, "http://two"), state(THREE, "http://three")));
        urls.learn(status(3));
        assertEquals("http://two", urls.of(TWO));
        urls.learn(status(3, state(TWO, "http://moved")));
        assertEquals("http://moved", urls.of(TWO));
        assertEquals("http://three", urls.of(THREE));
        assertEquals("http://one", urls.of(ONE));
    }

    @Test
    void aMemberThatSaysNothingMoreAndOneThatLeftAreForgotten() {
        urls.learn(status(3, state(TWO, "http://two"), state(THREE, "http://three")));
        urls.learn(status(2, state(TWO, null)));
        assertNull(urls.of(TWO));
        assertNull(urls.of(THREE));
        urls.learn(status(3));
        assertNull(urls.of(THREE));
    }
}

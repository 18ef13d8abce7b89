package io.holdfast.zab.core.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.stage.Upstream;
import io.holdfast.zab.core.state.Replica;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What this server's own clients wait for. */
final class ClientsTest {

    private static final ServerId SELF = new ServerId(1);
    private static final Configuration CONFIGURATION =
            new Configuration(0, List.of(new Member(SELF, MemberRole.VOTER, "host", 1)));

    private final List<String> told = new ArrayList<>();
    private final List<Long> attempts = new ArrayList<>();

    @Test
    void aReadDoesNotWaitForTheTransactionsThatATouchBeforeItWaitsFor() {
        Position start = new Position(new Zxid(3, 90), 7);
        Clients clients = clientsOf(start);
        clients.touch(1, Payload.of(new byte[1]));
        clients.readIndex(2);
        clients.confirmed(attempts.get(0), new Zxid(3, 95));
        clients.confirmed(attempts.get(1), new Zxid(3, 90));
        assertEquals(List.of("readReady 2"), told);
    }

    @Test
    void whatWaitsIsBoundedInBytesAndRoomComesBack() {
        Clients clients = clientsOf(Position.START);
        Payload large = Payload.of(new byte[1 << 20]);
        long room = 4 * ZabConfig.DEFAULTS.outstandingBytesMax() >> 20;
        for (long id = 1; id <= room + 2; id++) {
            clients.submit(id, TxnType.COMMAND, large);
            clients.touch(1_000 + id, large);
        }
        List<String> full = List.of(
                "requestFailed " + (room + 1),
                "touchFailed " + (1_001 + room),
                "requestFailed " + (room + 2),
                "touchFailed " + (1_002 + room));
        assertEquals(full, told);
        clients.refused(1, RequestFailure.OVERLOADED);
        clients.confirmed(attempts.get(0), Zxid.ZERO);
        told.clear();
        clients.submit(500, TxnType.COMMAND, large);
        clients.touch(1_500, large);
        assertEquals(List.of(), told);
        clients.dismiss();
        told.clear();
        for (long id = 1; id <= room; id++) {
            clients.submit(id, TxnType.COMMAND, large);
            clients.touch(1_000 + id, large);
        }
        assertEquals(List.of(), told);
    }

    private Clients clientsOf(Position start) {
        Recovered recovered = new Recovered(new DiskId(1, 2), 3, SELF, 3, start, CONFIGURATION, start, List.of());
        Effects effects = (Effects) Proxy.newProxyInstance(
                Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                    told.add(method.getName() + " " + arguments[0]);
                    return null;
                });
        Clients clients = new Clients(new Replica(SELF, ZabConfig.DEFAULTS, 1, recovered, effects));
        clients.upstream(new Leader());
        return clients;
    }

    private final class Leader implements Upstream {

        @Override
        public void request(long requestId, TxnType type, Payload payload) {}

        @Override
        public void readIndex(long attempt) {
            attempts.add(attempt);
        }

        @Override
        public void touch(long attempt, Payload note) {
            attempts.add(attempt);
        }

        @Override
        public void handOff(@Nullable ServerId successor) {}
    }
}

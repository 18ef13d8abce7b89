package io.holdfast.zab.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one server remembers moves forward only. */
final class ReplicaTest {

    private static final ServerId SELF = new ServerId(1);
    private static final Configuration CONFIGURATION =
            new Configuration(0, List.of(new Member(SELF, MemberRole.VOTER, "host", 1)));

    @Test
    void aSnapshotThatIsOlderThanTheCommitWatermarkDoesNotMoveItBack() {
        Replica replica = replica();
        replica.commit(new Zxid(3, 90));
        replica.install(new Position(new Zxid(3, 89), 7), CONFIGURATION);
        replica.persisted(1, record -> {});
        assertEquals(new Zxid(3, 90), replica.lastCommitted());
        assertEquals(new Zxid(3, 89), replica.lastApplied());
    }

    @Test
    void aSnapshotThatIsNewerThanTheCommitWatermarkMovesIt() {
        Replica replica = replica();
        replica.install(new Position(new Zxid(3, 89), 7), CONFIGURATION);
        replica.persisted(1, record -> {});
        assertEquals(new Zxid(3, 89), replica.lastCommitted());
    }

    @Test
    void aLogThatIsWrittenAllTheTimeIsBusyAndNotStalled() {
        Replica replica = replica();
        long second = TimeUnit.SECONDS.toNanos(1);
        replica.at(second);
        for (int epoch = 4; epoch < 8; epoch++) {
            replica.promise(epoch, SELF);
        }
        for (int record = 1; record < 4; record++) {
            replica.at((1 + record) * second);
            assertFalse(replica.isLogStalled(), "after " + record + " s");
            replica.persisted(record, each -> {});
        }
        replica.at(5 * second);
        assertFalse(replica.isLogStalled(), "the last write was a second ago");
        replica.at(5 * second + 1);
        assertTrue(replica.isLogStalled(), "nothing became durable for more than a second");
        replica.persisted(4, each -> {});
        assertFalse(replica.isLogStalled());
        replica.at(60 * second);
        replica.promise(9, SELF);
        assertFalse(replica.isLogStalled(), "nothing waited meanwhile");
    }

    private static Replica replica() {
        Recovered recovered =
                new Recovered(new DiskId(1, 2), 3, SELF, 3, Position.START, CONFIGURATION, Position.START, List.of());
        return new Replica(SELF, ZabConfig.DEFAULTS, 1, recovered, noEffects());
    }

    private static Effects noEffects() {
        return (Effects) Proxy.newProxyInstance(
                Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> null);
    }
}

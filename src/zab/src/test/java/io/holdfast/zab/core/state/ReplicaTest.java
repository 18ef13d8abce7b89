package io.holdfast.zab.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one server remembers moves forward only. */
final class ReplicaTest {

    private static final ServerId SELF = new ServerId(1);
    private static final Origin ORIGIN = new Origin(SELF, 0);
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

    /** A server that restarts from a snapshot takes the configuration in it for one that is in force for good. */
    @Test
    void noSnapshotIsMadeBetweenAChangeOfTheConfigurationAndItsActivation() {
        List<Zxid> taken = new ArrayList<>();
        Recovered recovered =
                new Recovered(new DiskId(1, 2), 3, SELF, 3, Position.START, CONFIGURATION, Position.START, List.of());
        Replica replica = new Replica(SELF, ZabConfig.DEFAULTS, 1, recovered, effects(taken));
        Configuration next = CONFIGURATION.next(CONFIGURATION.members());
        Txn change = Txn.after(
                Zxid.ZERO, 0, new Zxid(3, 1), TxnType.CONFIGURATION, ORIGIN, ConfigurationCodec.payload(next));
        replica.append(change);
        replica.persisted(1, record -> {});
        replica.commit(change.zxid());
        assertFalse(replica.takeSnapshot());
        Txn activation =
                Txn.after(change.zxid(), change.chainHash(), new Zxid(3, 2), TxnType.ACTIVATION, ORIGIN, Payload.EMPTY);
        replica.append(activation);
        replica.persisted(2, record -> {});
        assertEquals(List.of(), taken);
        replica.commit(activation.zxid());
        assertEquals(List.of(activation.zxid()), taken, "who asked for it gets it when the change is settled");
    }

    @Test
    void whoStartsWithALongLogTakesSnapshotsOnItsWay() {
        Host host = new Host();
        Replica replica = replica(SMALL, 100, host);
        replica.commit(new Zxid(3, 100));
        assertEquals(List.of(10L), host.snapshots, "the first begins where it is due");
        assertEquals(40, replica.lastApplied().counter(), "and no more is applied than the host can keep");
        assertTrue(replica.isHeld());

        replica.snapshotTaken(positionOf(replica, 10));
        assertEquals(List.of(10L, 41L), host.snapshots);
        assertEquals(50, replica.lastApplied().counter());
        replica.snapshotTaken(positionOf(replica, 41));
        assertEquals(List.of(10L, 41L, 51L), host.snapshots);
        assertEquals(81, replica.lastApplied().counter());
        replica.snapshotTaken(positionOf(replica, 51));
        assertEquals(91, replica.lastApplied().counter());
        replica.snapshotTaken(positionOf(replica, 82));
        assertEquals(100, replica.lastApplied().counter());
        assertFalse(replica.isHeld());
    }

    @Test
    void aServerEndsOnlyWhenASnapshotFailedAndNoMoreCanBeKept() {
        Host host = new Host();
        Replica replica = replica(SMALL, 100, host);
        replica.commit(new Zxid(3, 15));
        assertTrue(replica.snapshotFailed(), "some were applied since, and there is room for more");
        replica.commit(new Zxid(3, 100));
        assertEquals(List.of(10L, 20L), host.snapshots);
        assertEquals(40, replica.lastApplied().counter());
        assertFalse(replica.snapshotFailed());
    }

    @Test
    void aLargeStateIsWrittenAnewWhenTheLogIsInProportionToIt() {
        Host host = new Host();
        Replica replica = replica(SMALL, 100, host);
        replica.stateBytes(4L * 30 * Txn.OVERHEAD_BYTES);
        replica.commit(new Zxid(3, 100));
        assertEquals(List.of(30L), host.snapshots);
        assertEquals(100, replica.lastApplied().counter(), "as much more may be applied");
    }

    /** Reading no more costs a member its leader, so only memory decides, and late. */
    @Test
    void twiceTheBytesThatALeaderMayHaveUnderWayAreLoggedWhileNothingIsApplied() {
        Host host = new Host();
        Replica replica = replica(SMALL, 100, host);
        replica.commit(new Zxid(3, 100));
        long begun = replica.history().weight();
        for (int i = 101; replica.history().weight() - begun <= 2 * SMALL.outstandingBytesMax(); i++) {
            assertFalse(replica.isBacklogged());
            replica.append(after(replica.history().last(), i));
        }
        assertTrue(replica.isBacklogged());
        while (replica.isHeld()) {
            replica.snapshotTaken(positionOf(replica, host.newest()));
        }
        assertFalse(replica.isBacklogged());
    }

    /** A snapshot is due after 10 transactions, and 50 may be under way. */
    private static final ZabConfig SMALL = new ZabConfig(
            100, 300, 100, 1_000, 10_000, 20, 100, 1_000, 1_000, 2_000, 5_000, 100, 50, 1 << 20, 1_000, 1 << 20, 10,
            1 << 20, 2);

    /** Notes when the core asks for snapshots. */
    private static final class Host {
        private final List<Long> snapshots = new ArrayList<>();

        private long newest() {
            return snapshots.get(snapshots.size() - 1);
        }

        private Effects effects() {
            return (Effects) Proxy.newProxyInstance(
                    Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("takeSnapshot")) {
                            snapshots.add(((Position) arguments[0]).zxid().counter());
                        }
                        return null;
                    });
        }
    }

    private static Position positionOf(Replica replica, long counter) {
        return replica.history().floor(new Zxid(3, counter));
    }

    private static Txn after(Position last, int counter) {
        return Txn.after(
                last.zxid(),
                last.chainHash(),
                new Zxid(3, counter),
                TxnType.COMMAND,
                new Origin(SELF, counter),
                Payload.EMPTY);
    }

    /** Returns a server that has logged so many transactions, of which it knows of none that it is committed. */
    private static Replica replica(ZabConfig config, int logged, Host host) {
        List<Txn> txns = new ArrayList<>();
        Position last = Position.START;
        for (int i = 1; i <= logged; i++) {
            Txn txn = after(last, i);
            txns.add(txn);
            last = new Position(txn.zxid(), txn.chainHash());
        }
        Recovered recovered =
                new Recovered(new DiskId(1, 2), 3, SELF, 3, Position.START, CONFIGURATION, Position.START, txns);
        // With this seed a snapshot is due after the whole of the configured distance.
        return new Replica(SELF, config, 0, recovered, host.effects());
    }

    private static Replica replica() {
        Recovered recovered =
                new Recovered(new DiskId(1, 2), 3, SELF, 3, Position.START, CONFIGURATION, Position.START, List.of());
        return new Replica(SELF, ZabConfig.DEFAULTS, 1, recovered, noEffects());
    }

    private static Effects effects(List<Zxid> taken) {
        return (Effects) Proxy.newProxyInstance(
                Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("takeSnapshot")) {
                        taken.add(((Position) arguments[0]).zxid());
                    }
                    return null;
                });
    }

    private static Effects noEffects() {
        return (Effects) Proxy.newProxyInstance(
                Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> null);
    }
}

package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Quota;
import io.holdfast.lock.QuotaUse;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    private static final Zxid COMMITTED = new Zxid(3, 50_000);
    private static final DiskWatch.Reading ROOMY = new DiskWatch.Reading(1L << 40, 1_000, 1_000, 1);

    private final Alarms alarms = new Alarms(new ServerId(1), 2);

    private static Zab.Status status(Role role, int level, MemberState... others) {
        return status(role, level, List.of(), others);
    }

    private static Zab.Status status(Role role, int level, List<ServerId> differing, MemberState... others) {
        var members = new ArrayList<Member>();
        for (var id = 1; id <= 3; id++) {
            members.add(new Member(new ServerId(id), MemberRole.VOTER, "10.0.0." + id, 7101));
        }
        var configuration = new Configuration(1, Configuration.FIRST_GENERATION, level, members);
        return new Zab.Status(
                role,
                Phase.BROADCAST,
                3,
                new ServerId(1),
                COMMITTED,
                COMMITTED,
                COMMITTED,
                COMMITTED,
                0,
                0,
                Quorum.of(configuration),
                true,
                new DiskId(1, 1),
                List.of(others),
                differing);
    }

    private static MemberState member(int id, long applied) {
        var at = new Zxid(3, applied);
        return new MemberState(new ServerId(id), Role.FOLLOWING, Phase.BROADCAST, at, at, at, new DiskId(id, id));
    }

    private List<String> names(long now, Zab.Status status, DiskWatch.Reading disk) {
        return alarms.of(now, status, disk, List.of()).stream().map(Alarm::name).toList();
    }

    private static Zab.Status well(Role role) {
        return status(role, 2, member(2, 50_000), member(3, 49_990));
    }

    @Test
    void nothingIsTheMatterWithAnEnsembleThatIsWell() {
        assertEquals(List.of(), names(0, well(Role.LEADING), ROOMY));
        assertEquals(List.of(), names(0, well(Role.LEADING), DiskWatch.Reading.NONE));
    }

    @Test
    void theLeaderTellsOfMembersThatLagOrAreAwayAndAFollowerDoesNot() {
        var status = status(Role.LEADING, 2, member(2, 39_999));
        assertEquals(List.of("lag", "voter-away"), names(0, status, ROOMY));
        assertEquals(List.of(), names(0, status(Role.FOLLOWING, 2), ROOMY));
    }

    @Test
    void aDiskWithoutRoomForTheNextSnapshotIsTold() {
        var full = new DiskWatch.Reading((128L << 20) + 1_999, 1_000, 1_000, 1);
        assertEquals(List.of("no-space"), names(0, well(Role.FOLLOWING), full));
    }

    @Test
    void aPauseIsToldForAWhile() {
        alarms.paused(1_000, TimeUnit.SECONDS.toNanos(2));
        assertEquals(List.of("lease-pause"), names(2_000, well(Role.LEADING), ROOMY));
        assertEquals(List.of(), names(1_000 + Alarms.PAUSE_SHOWN_NANOS, well(Role.LEADING), ROOMY));
    }

    @Test
    void aLevelBelowWhatThisNodeSpeaksIsTold() {
        var status = status(Role.FOLLOWING, 1, member(2, 50_000), member(3, 50_000));
        assertEquals(List.of("level-behind"), names(0, status, ROOMY));
    }

    private List<Alarm> full(Quota quota, long used, long limit) {
        var uses = List.of(new QuotaUse(Quota.SESSIONS, 9, 1_000), new QuotaUse(quota, used, limit));
        return alarms.of(0, well(Role.FOLLOWING), ROOMY, uses);
    }

    @Test
    void aQuotaOfWhichNineTenthsAreUsedIsTold() {
        for (var quota : Quota.values()) {
            assertEquals(List.of(), full(quota, 900, 1_000), quota.name());
            var told = full(quota, 901, 1_000);
            assertEquals(List.of("quota"), told.stream().map(Alarm::name).toList(), quota.name());
            assertTrue(
                    told.get(0).says().contains("901 of the 1000"), told.get(0).says());
        }
        assertTrue(full(Quota.BYTES, 901, 1_000).get(0).says().contains("holdfast.limits.state-bytes"));
        assertEquals(List.of(), full(Quota.BYTES, 1L << 40, Long.MAX_VALUE));
    }

    @Test
    void aMemberWithAnotherStateThanTheLeaderIsTold() {
        var members = new MemberState[] {member(2, 50_000), member(3, 50_000)};
        var status = status(Role.LEADING, 2, List.of(new ServerId(3)), members);
        var told = alarms.of(0, status, ROOMY, List.of());
        assertEquals(List.of("digest"), told.stream().map(Alarm::name).toList());
        assertTrue(
                told.get(0).says().startsWith("member 3 has a different state"),
                told.get(0).says());
    }
}

package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a change would meet: three voters and an observer, server 1 leads. */
class ForecastTest {

    private static final AppliedAt AT = new AppliedAt(Revision.unpack(0), 1, "leader", 0);

    private static final Configuration NOW = new Configuration(
            7,
            List.of(
                    new Member(new ServerId(1), MemberRole.VOTER, "a", 1),
                    new Member(new ServerId(2), MemberRole.VOTER, "b", 1),
                    new Member(new ServerId(3), MemberRole.VOTER, "c", 1),
                    new Member(new ServerId(4), MemberRole.OBSERVER, "d", 1)));

    private static Zab.Status status(Quorum quorum, boolean settled, Integer... inStep) {
        List<MemberState> members = new ArrayList<>();
        for (int id : inStep) {
            members.add(seen(id, null));
        }
        return status(quorum, settled, members);
    }

    private static MemberState seen(int id, DiskId disk) {
        Role role = id == 1 ? Role.LEADING : id == 4 ? Role.OBSERVING : Role.FOLLOWING;
        return new MemberState(new ServerId(id), role, Phase.BROADCAST, Zxid.ZERO, Zxid.ZERO, Zxid.ZERO, disk);
    }

    private static Zab.Status status(Quorum quorum, boolean settled, List<MemberState> members) {
        return new Zab.Status(
                Role.LEADING,
                Phase.BROADCAST,
                1,
                new ServerId(1),
                Zxid.ZERO,
                Zxid.ZERO,
                Zxid.ZERO,
                Zxid.ZERO,
                0,
                0,
                quorum,
                settled,
                new DiskId(1, 1),
                members,
                List.of());
    }

    private static Forecast forecast(Integer... inStep) {
        return new Forecast(status(Quorum.of(NOW), true, inStep));
    }

    private static Configuration next(MemberChange wanted) {
        return NextConfiguration.of(NOW, wanted, member -> false, () -> AT);
    }

    private static Configuration promoted(int id) {
        return next(new MemberChange.Update(id, true, null, 0));
    }

    private static Configuration removed(int id) {
        return next(new MemberChange.Remove(id));
    }

    private static Problem refused(MemberChange wanted) {
        return assertThrows(Refused.class, () -> next(wanted)).problem();
    }

    @Test
    void aVoteIsForAMemberInStep() {
        assertEquals(Problem.NOT_SYNCED, forecast(1, 2, 3).refusal(promoted(4)));
        assertNull(forecast(1, 2, 3, 4).refusal(promoted(4)));
        assertEquals(Set.of(1, 2, 3, 4), voters(promoted(4)));
        assertEquals(8, promoted(4).version());
    }

    @Test
    void aChangeNeedsAQuorumOfBothConfigurationsInStep() {
        assertNull(forecast(1, 2).refusal(removed(3)));
        assertEquals(Problem.WOULD_LOSE_QUORUM, forecast(1, 2).refusal(removed(2)));
        assertEquals(Problem.WOULD_LOSE_QUORUM, forecast(1, 4).refusal(removed(3)));
        assertNull(forecast(1, 2, 4).refusal(promoted(4)), "three of four are in step, which is a quorum");
    }

    @Test
    void oneChangeIsMadeAtATime() {
        Quorum changing = new Quorum(NOW, promoted(4));
        assertEquals(Problem.CHANGE_IN_PROGRESS, new Forecast(status(changing, false, 1, 2, 3, 4)).refusal(removed(3)));
        assertEquals(
                Problem.CHANGE_IN_PROGRESS,
                new Forecast(status(Quorum.of(NOW), false, 1, 2, 3, 4)).refusal(removed(3)));
    }

    @Test
    void aLeaderThatLeavesNeedsSomebodyWhoStays() {
        assertTrue(forecast(1, 2, 3).handsOver(removed(1)));
        assertFalse(forecast(1, 2, 3).handsOver(removed(2)));
        assertTrue(forecast(1, 2, 3).hasSuccessor(removed(1)));
        assertFalse(forecast(1, 4).hasSuccessor(removed(1)));
    }

    @Test
    void warningsNameEvenNumbersAndWhoIsAway() {
        assertEquals(1, forecast(1, 2, 3, 4).warnings(promoted(4)).size());
        assertEquals(List.of(), forecast(1, 2, 3, 4).warnings(removed(4)));
        List<String> away = forecast(1, 2, 4).warnings(removed(4));
        assertEquals(2, away.size());
        assertTrue(away.get(0).contains("member 3"), away::toString);
        assertTrue(away.get(1).contains("no quorum"), away::toString);
    }

    @Test
    void whatIsSoAlreadyIsNoChange() {
        assertEquals(NOW, next(new MemberChange.Add(4, "d", 1)));
        assertEquals(NOW, promoted(3));
        assertEquals(NOW, next(new MemberChange.Update(4, false, "d", 1)));
        assertEquals(7, next(new MemberChange.Add(2, "b", 1)).version());
    }

    @Test
    void aVoterWithAnotherDiskCountsAfterSomebodyAskedForItsVote() {
        Configuration bound = new Configuration(
                7,
                1,
                2,
                NOW.members().stream()
                        .map(member -> member.role() == MemberRole.VOTER
                                ? member.withDisk(disk(member.id().value()))
                                : member)
                        .toList());
        List<MemberState> wiped = List.of(seen(1, disk(1)), seen(3, disk(33)), seen(4, disk(4)));
        Forecast forecast = new Forecast(status(Quorum.of(bound), true, wiped));
        Configuration next = NextConfiguration.of(
                bound, new MemberChange.Update(3, true, null, 0), forecast::hasOtherDisk, () -> AT);
        assertEquals(8, next.version());
        assertNull(next.disk(new ServerId(3)), "the leader says which disk it sees");
        assertEquals(Problem.WOULD_LOSE_QUORUM, forecast.refusal(next), "one of three disks that are known is there");
        List<MemberState> enough = List.of(seen(1, disk(1)), seen(2, disk(2)), seen(3, disk(33)));
        Forecast better = new Forecast(status(Quorum.of(bound), true, enough));
        assertNull(better.refusal(next));
        assertFalse(better.isInStep(new ServerId(3)), "it must not lead");
        assertTrue(
                better.warnings(bound).get(0).contains("another disk"),
                () -> better.warnings(bound).toString());
        assertEquals(
                bound,
                NextConfiguration.of(bound, new MemberChange.Update(2, true, null, 0), better::hasOtherDisk, () -> AT));
    }

    private static DiskId disk(int number) {
        return new DiskId(0, number);
    }

    @Test
    void idsAndAddressesBelongToOneMember() {
        assertEquals(Problem.MEMBER_MISMATCH, refused(new MemberChange.Add(4, "e", 1)));
        assertEquals(Problem.MEMBER_MISMATCH, refused(new MemberChange.Add(5, "d", 1)));
        assertEquals(Problem.MEMBER_MISMATCH, refused(new MemberChange.Update(4, null, "a", 1)));
        assertEquals(Problem.MEMBER_UNKNOWN, refused(new MemberChange.Remove(5)));
        assertEquals(Problem.MEMBER_UNKNOWN, refused(new MemberChange.Update(5, true, null, 0)));
    }

    @Test
    void anEnsembleHasAtMostSixtyFourMembers() {
        Configuration full = NOW;
        for (int id = 5; id <= 64; id++) {
            full = NextConfiguration.of(full, new MemberChange.Add(id, "x", id), member -> false, () -> AT);
        }
        Configuration all = full;
        Refused refused = assertThrows(
                Refused.class,
                () -> NextConfiguration.of(all, new MemberChange.Add(65, "x", 65), member -> false, () -> AT));
        assertEquals(Problem.QUOTA_EXCEEDED, refused.problem());
    }

    private static Set<Integer> voters(Configuration configuration) {
        return new java.util.TreeSet<>(
                configuration.voters().stream().map(ServerId::value).toList());
    }
}

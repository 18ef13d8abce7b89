package io.holdfast.sidecar.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.Loss;
import io.holdfast.ensemble.Eventually;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a leadership begins and ends, by a made-up clock. */
@Timeout(120)
class LeadershipTest {

    private final Bench bench = new Bench();
    private final Leadership leadership = bench.leadership;

    @Test
    void itLeadsFromElectedUntilTheWorkMustStop() throws Exception {
        assertEquals(new Leadership.Standing(false, 0, 0), leadership.now());
        FakeLease lease = bench.election.elect(7);
        assertEquals(new Leadership.Standing(true, 7, 9_900), leadership.now());
        lease.lasts(3_000);
        assertEquals(3_000, leadership.now().validForMs());
        lease.mustStop();
        assertEquals(new Leadership.Standing(false, 7, 0), leadership.now());
        assertEquals(1, leadership.elections());
        assertEquals(List.of("hook elected 7"), bench.told);
    }

    @Test
    void aLeaseThatIsOverLeadsNoMoreWhateverWasToldBefore() throws Exception {
        FakeLease lease = bench.election.elect(7);
        lease.lasts(0);
        assertFalse(leadership.now().leads());
    }

    @Test
    void aNewerLeaderEndsItBeforeTheOwnSessionSaysSo() throws Exception {
        bench.election.elect(7);
        bench.heard("pod-2", 8);
        assertFalse(leadership.now().leads());
        assertEquals(List.of("resign"), bench.election.calls());
        leadership.resign();
        bench.election.awaitReleased();
    }

    @Test
    void withoutAWordOfTheApplicationTheLockIsKeptUntilTheLeaseAsItStoodIsOver() throws Exception {
        FakeLease lease = bench.election.elect(7);
        lease.lasts(2_000);
        bench.election.stop();
        bench.awaitTold("hook ended 7");
        bench.clock.advance(1_999);
        assertEquals("stop 7 lease 2000", bench.told.get(1));
        assertFalse(bench.election.isReleased());
        bench.clock.advance(1);
        bench.election.awaitReleased();
    }

    @Test
    void aConfirmedLeaseGivesNoMoreTimeThanWasSaid() throws Exception {
        FakeLease lease = bench.election.elect(7);
        lease.lasts(2_000);
        bench.election.stop();
        bench.awaitTold("hook ended 7");
        lease.lasts(9_000);
        bench.clock.advance(2_000);
        bench.election.awaitReleased();
    }

    @Test
    void aLeaseThatEndsEarlierIsWaitedForNoLonger() throws Exception {
        FakeLease lease = bench.election.elect(7);
        lease.lasts(2_000);
        bench.election.stop();
        bench.awaitTold("hook ended 7");
        lease.end(Loss.SESSION_ENDED);
        bench.election.awaitReleased();
        assertTrue(bench.told.contains("lost 7 session-ended"));
        assertEquals(1, leadership.losses());
    }

    @Test
    void aLossThatIsHeardOfBeforeTheStopIsToldAfterIt() throws Exception {
        FakeLease lease = bench.election.elect(7);
        lease.end(Loss.EXPIRED);
        bench.election.stop();
        bench.election.awaitReleased();
        List<String> events =
                bench.told.stream().filter(line -> !line.startsWith("hook")).toList();
        assertEquals(List.of("stop 7 lease 0", "lost 7 expired"), events);
    }

    @Test
    void theStopHookThatSucceedsReleasesAtOnce() throws Exception {
        bench.hookIsSet = true;
        bench.hookSucceeds = true;
        bench.election.elect(7).lasts(2_000);
        bench.election.stop();
        bench.election.awaitReleased();
        assertEquals(List.of("hook elected 7", "stop 7 lease 2000", "hook stopped 7"), bench.told);
    }

    @Test
    void theStopHookIsCalledAgainUntilTheTimeIsOver() throws Exception {
        bench.hookIsSet = true;
        bench.election.elect(7).lasts(2_000);
        bench.election.stop();
        Eventually.await("the application is notified", Bench.BOUND, () -> bench.told.size() == 2);
        assertFalse(bench.told.contains("hook ended 7"));
        bench.clock.advance(2_000);
        bench.election.awaitReleased();
        assertTrue(bench.told.contains("hook ended 7"));
    }

    @Test
    void resigningReleasesAtOnceAndIsNotALoss() throws Exception {
        bench.election.elect(7);
        assertEquals(Leadership.Outcome.ACCEPTED, leadership.resign());
        assertFalse(leadership.now().leads());
        bench.election.awaitReleased();
        assertEquals(List.of("hook elected 7", "stop 7 resign 0", "hook ended 7"), bench.told);
        assertEquals(0, leadership.losses());
        assertEquals(Leadership.Outcome.NOT_LEADER, leadership.resign());
    }

    @Test
    void resigningCallsTheStopHookForTheGraceAtMost() throws Exception {
        bench.hookIsSet = true;
        bench.election.elect(7);
        leadership.resign();
        Eventually.await("the application is notified", Bench.BOUND, () -> bench.told.size() == 2);
        bench.clock.advance(1_999);
        assertFalse(bench.election.isReleased());
        bench.clock.advance(1);
        bench.election.awaitReleased();
    }

    @Test
    void aHandOverGivesTheApplicationItsDrain() throws Exception {
        bench.election.stands("pod-2");
        bench.election.elect(7);
        assertEquals(Leadership.Outcome.ACCEPTED, leadership.handOver("pod-2", Duration.ofSeconds(5)));
        assertFalse(leadership.now().leads(), "nothing new is begun");
        assertEquals(7, leadership.now().token());
        bench.awaitTold("hook ended 7");
        bench.clock.advance(4_999);
        assertFalse(bench.election.isReleased());
        bench.clock.advance(1);
        bench.election.awaitReleased();
        assertEquals(List.of("handOver pod-2"), bench.election.calls());
        assertEquals("stop 7 hand-over 5000", bench.told.get(1));
    }

    @Test
    void theApplicationEndsTheDrainOfAHandOver() throws Exception {
        bench.election.elect(7);
        bench.hookIsSet = true;
        assertEquals(Leadership.Outcome.ACCEPTED, leadership.handOver(null, Duration.ofSeconds(5)));
        assertEquals(Leadership.Outcome.NOT_LEADER, leadership.handOver(null, Duration.ofSeconds(5)));
        assertEquals(Leadership.Outcome.ACCEPTED, leadership.resign());
        bench.election.awaitReleased();
        assertEquals(List.of("resign"), bench.election.calls());
    }

    @Test
    void theApplicationThatHasStoppedEndsTheCallOfItsStopHook() throws Exception {
        bench.election.elect(7);
        bench.hookIsSet = true;
        leadership.handOver(null, Duration.ofSeconds(5));
        leadership.resign();
        bench.election.awaitReleased();
        assertTrue(bench.told.contains("hook over 7"));
    }

    @Test
    void resigningTwiceEndsNoStopHook() throws Exception {
        bench.election.elect(7);
        bench.hookIsSet = true;
        leadership.resign();
        leadership.resign();
        Eventually.await("the application is notified", Bench.BOUND, () -> bench.told.size() == 2);
        bench.clock.advance(2_000);
        bench.election.awaitReleased();
        assertFalse(bench.told.contains("hook over 7"));
    }

    @Test
    void aLeaseThatIsLostWhileTheCandidatesAreReadGivesWhatIsLeftOfIt() throws Exception {
        FakeLease lease = bench.election.elect(7);
        bench.election.whileAsked(() -> {
            lease.lasts(1_500);
            bench.election.stop();
            bench.awaitTold("stop 7 lease 1500");
        });
        assertEquals(Leadership.Outcome.NO_SUCH_CANDIDATE, leadership.handOver("pod-2", Duration.ofSeconds(20)));
    }

    @Test
    void aCandidateThatDoesNotStandChangesNothing() throws Exception {
        bench.election.elect(7);
        assertEquals(Leadership.Outcome.NO_SUCH_CANDIDATE, leadership.handOver("pod-9", Duration.ofSeconds(5)));
        assertTrue(leadership.now().leads());
        assertEquals(List.of("hook elected 7"), bench.told);
    }

    @Test
    void resigningWhileTheCandidatesAreReadCounts() throws Exception {
        bench.election.elect(7);
        bench.election.whileAsked(() -> {
            assertTrue(leadership.now().leads());
            assertEquals(Leadership.Outcome.ACCEPTED, leadership.resign());
        });
        assertEquals(Leadership.Outcome.NO_SUCH_CANDIDATE, leadership.handOver("pod-9", Duration.ofSeconds(5)));
        bench.election.awaitReleased();
        assertEquals(List.of("handOver pod-9", "resign"), bench.election.calls());
    }

    @Test
    void withoutTheLeadershipNothingIsGivenUp() throws Exception {
        assertEquals(Leadership.Outcome.NOT_LEADER, leadership.resign());
        assertEquals(Leadership.Outcome.NOT_LEADER, leadership.shutDown());
        assertEquals(Leadership.Outcome.NOT_LEADER, leadership.handOver(null, Duration.ZERO));
        assertEquals(List.of(), bench.election.calls());
    }

    @Test
    void nothingIsSaidToLastBeyondTheEndOfThePod() throws Exception {
        bench.election.elect(7);
        leadership.closesIn(Duration.ofSeconds(4));
        bench.clock.advance(1_000);
        assertEquals(3_000, leadership.now().validForMs());
        bench.clock.advance(3_000);
        assertFalse(leadership.now().leads());
    }

    @Test
    void itIsElectedAgainAfterItResigned() throws Exception {
        bench.election.elect(7);
        leadership.resign();
        bench.election.awaitReleased();
        Eventually.await("the lock is released", Bench.BOUND, () -> !leadership.isHeld());
        bench.election.elect(9);
        assertEquals(new Leadership.Standing(true, 9, 9_900), leadership.now());
    }
}

package io.holdfast.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a fence admits and refuses, one call after another, and what it does with those that wait. */
@Timeout(120)
class FenceTest {

    /** Waits for longer than a test may take, so that no test passes by waiting. */
    private final Fence fence = new Fence(100, Duration.ofMinutes(10));

    @Test
    void aLowerTokenIsRefusedAfterAHigherOneAndTheSameIsTheSameHolder() throws Exception {
        assertEquals("first", fence.call("accounts/7", 10, () -> "first"));
        assertEquals("again", fence.call("accounts/7", 10, () -> "again"));
        fence.run("accounts/7", 12, () -> {});
        var stale = assertThrows(StaleTokenException.class, () -> fence.run("accounts/7", 11, FenceTest::mustNotRun));
        assertEquals("accounts/7", stale.resource());
        assertEquals(11, stale.token());
        assertEquals("token 11 is stale at accounts/7: token 12 was seen", stale.getMessage());
        assertEquals(12, fence.lowest("accounts/7"));
    }

    @Test
    void resourcesAreApart() throws Exception {
        fence.run("accounts/7", 12, () -> {});
        assertEquals(1, fence.<Integer, RuntimeException>call("accounts/8", 3, () -> 1));
    }

    @Test
    void aTokenCountsAlthoughItsActionThrewAndTheResourceIsFree() throws Exception {
        assertThrows(
                IOException.class,
                () -> fence.run("accounts/7", 12, () -> {
                    throw new IOException("disk");
                }));
        assertThrows(StaleTokenException.class, () -> fence.run("accounts/7", 11, FenceTest::mustNotRun));
        fence.run("accounts/7", 12, () -> {});
    }

    @Test
    void anActionThatRunsKeepsAHigherTokenWaiting() throws Exception {
        var order = new ArrayList<String>();
        var hold = fence.enter("accounts/7", 10);
        var higher = start("higher", () -> fence.run("accounts/7", 11, () -> order.add("11")));
        Waiting.untilBlocked(higher.thread);
        order.add("10");
        hold.close();
        higher.get();
        assertEquals(List.of("10", "11"), order);
    }

    @Test
    void aHigherTokenThatArrivesRefusesTheLowerOnesThatWait() throws Exception {
        var hold = fence.enter("accounts/7", 10);
        var same = start("same", () -> fence.run("accounts/7", 10, FenceTest::mustNotRun));
        var again = start("again", () -> fence.run("accounts/7", 10, FenceTest::mustNotRun));
        Waiting.untilBlocked(same.thread);
        Waiting.untilBlocked(again.thread);
        var higher = start("higher", () -> fence.run("accounts/7", 11, () -> {}));
        assertInstanceOf(StaleTokenException.class, same.failure());
        assertInstanceOf(StaleTokenException.class, again.failure());
        assertFalse(higher.task.isDone(), "the action under 10 runs on, and 11 waits for its end");
        assertEquals(11, fence.lowest("accounts/7"));
        hold.close();
        higher.get();
    }

    @Test
    void callsOfOneHolderRunInTheOrderOfTheirArrival() throws Exception {
        var order = new ArrayList<Integer>();
        var hold = fence.enter("accounts/7", 10);
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            calls.add(start("call " + i, () -> fence.run("accounts/7", 10, () -> order.add(number))));
            Waiting.untilBlocked(calls.get(i).thread);
        }
        hold.close();
        for (var call : calls) {
            call.get();
        }
        assertEquals(List.of(0, 1, 2, 3, 4), order);
    }

    @Test
    void aCallThatDoesNotGetTheResourceInTimeIsBusyAndItsTokenCounts() throws Exception {
        var impatient = new Fence(10, Duration.ZERO);
        var hold = impatient.enter("accounts/7", 10);
        assertThrows(ResourceBusyException.class, () -> impatient.run("accounts/7", 11, FenceTest::mustNotRun));
        hold.close();
        assertThrows(StaleTokenException.class, () -> impatient.run("accounts/7", 10, FenceTest::mustNotRun));
        impatient.run("accounts/7", 11, () -> {});

        var brief = new Fence(10, Duration.ofMillis(1));
        var held = brief.enter("accounts/7", 10);
        assertThrows(ResourceBusyException.class, () -> brief.run("accounts/7", 10, FenceTest::mustNotRun));
        held.close();
        brief.run("accounts/7", 10, () -> {});
    }

    @Test
    void anInterruptEndsTheWaitAndTheNextGetsTheResource() throws Exception {
        var hold = fence.enter("accounts/7", 10);
        var interrupted = start("interrupted", () -> fence.run("accounts/7", 10, FenceTest::mustNotRun));
        Waiting.untilBlocked(interrupted.thread);
        var next = start("next", () -> fence.run("accounts/7", 10, () -> {}));
        Waiting.untilBlocked(next.thread);
        interrupted.thread.interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        hold.close();
        next.get();
    }

    @Test
    void anInterruptThatComesWithTheTurnPassesTheTurnOn() throws Exception {
        var hold = fence.enter("accounts/7", 10);
        var interrupted = start("interrupted", () -> fence.run("accounts/7", 10, FenceTest::mustNotRun));
        Waiting.untilBlocked(interrupted.thread);
        var next = start("next", () -> fence.run("accounts/7", 10, () -> {}));
        Waiting.untilBlocked(next.thread);
        fence.mutex.lock();
        try {
            interrupted.thread.interrupt();
            Waiting.until("the interrupt is seen", () -> fence.mutex.hasQueuedThread(interrupted.thread));
            hold.close();
        } finally {
            fence.mutex.unlock();
        }
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        next.get();
    }

    @Test
    void aThreadThatWouldWaitForItselfIsTold() throws Exception {
        fence.run(
                "accounts/7",
                10,
                () -> assertThrows(
                        IllegalStateException.class, () -> fence.run("accounts/7", 10, FenceTest::mustNotRun)));
        fence.run("accounts/7", 10, () -> fence.run("accounts/8", 10, () -> {}));
    }

    @Test
    void aHoldThatIsClosedTwiceDoesNotFreeTheNextOne() throws Exception {
        var first = fence.enter("accounts/7", 10);
        first.close();
        var second = fence.enter("accounts/7", 10);
        first.close();
        var third = start("third", () -> fence.run("accounts/7", 10, () -> {}));
        Waiting.untilBlocked(third.thread);
        assertFalse(third.task.isDone());
        second.close();
        third.get();
    }

    @Test
    void noMoreThanTheBoundWaitForOneResource() throws Exception {
        var hold = fence.enter("accounts/7", 10);
        var calls = new ArrayList<Call>();
        for (int i = 0; i < Fence.WAITING; i++) {
            calls.add(start("call " + i, () -> fence.run("accounts/7", 10, () -> {})));
        }
        for (var call : calls) {
            Waiting.untilBlocked(call.thread);
        }
        var busy = assertThrows(ResourceBusyException.class, () -> fence.run("accounts/7", 10, FenceTest::mustNotRun));
        assertEquals("1000 calls wait for accounts/7 already", busy.getMessage());
        hold.close();
        for (var call : calls) {
            call.get();
        }
    }

    @Test
    void whatIsForgottenRaisesTheFloorByAsLittleAsCanBe() throws Exception {
        var small = new Fence(3, Duration.ZERO);
        for (long token : new long[] {50, 10, 40}) {
            small.run("resource/" + token, token, () -> {});
        }
        assertEquals(0, small.floor());
        small.run("resource/60", 60, () -> {});
        assertEquals(3, small.size());
        assertEquals(10, small.floor());
        var forgotten =
                assertThrows(StaleTokenException.class, () -> small.run("resource/10", 9, FenceTest::mustNotRun));
        assertEquals(
                "token 9 is stale at resource/10: nothing below 10 is admitted where the last token is forgotten",
                forgotten.getMessage());
        assertThrows(
                StaleTokenException.class,
                () -> small.run("resource/never", 9, FenceTest::mustNotRun),
                "a false refusal, which the floor costs");
        assertThrows(StaleTokenException.class, () -> small.run("resource/40", 39, FenceTest::mustNotRun));
        small.run("resource/40", 40, () -> {});
        small.run("resource/10", 10, () -> {});
        assertEquals(40, small.floor());
        small.run("resource/never", 40, () -> {});
    }

    @Test
    void memoryIsBoundedWhateverArrives() throws Exception {
        var small = new Fence(1_000, Duration.ZERO);
        for (int i = 1; i <= 50_000; i++) {
            small.run("resource/" + i, i, () -> {});
            assertTrue(small.size() <= 1_000);
        }
        assertEquals(1_000, small.size());
        assertEquals(49_000, small.floor());
    }

    @Test
    void aResourceThatIsHeldIsNotForgotten() throws Exception {
        var small = new Fence(2, Duration.ZERO);
        var oldest = small.enter("oldest", 1);
        small.run("other", 5, () -> {});
        small.run("another", 6, () -> {});
        assertEquals(5, small.floor());
        assertEquals(1, small.lowest("oldest"));
        var second = small.enter("second", 7);
        var full = assertThrows(ResourceBusyException.class, () -> small.run("third", 8, FenceTest::mustNotRun));
        assertEquals("no room for third: all 2 resources that fit are being written", full.getMessage());
        oldest.close();
        small.run("third", 8, () -> {});
        second.close();
    }

    @Test
    void aRaisedFloorHoldsWhereNothingIsRemembered() throws Exception {
        fence.run("accounts/7", 10, () -> {});
        fence.raiseFloor(20);
        fence.raiseFloor(15);
        assertEquals(20, fence.floor());
        assertEquals(20, fence.lowest("accounts/8"));
        fence.run("accounts/7", 10, () -> {});
        assertThrows(StaleTokenException.class, () -> fence.run("accounts/8", 19, FenceTest::mustNotRun));
        fence.run("accounts/8", 20, () -> {});
    }

    @Test
    void whatIsNoTokenOrNameIsRefused() {
        for (long token : new long[] {0, -1, Long.MIN_VALUE, Tokens.MAX + 1, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> fence.run("accounts/7", token, FenceTest::mustNotRun));
        }
        for (var name : List.of("", "a".repeat(513), "accounts\n7", "accounts\0")) {
            assertThrows(IllegalArgumentException.class, () -> fence.run(name, 1, FenceTest::mustNotRun));
        }
        assertDoesNotThrow(() -> fence.run("a".repeat(512), Tokens.MAX, () -> {}));
        assertThrows(IllegalArgumentException.class, () -> new Fence(0));
        assertThrows(IllegalArgumentException.class, () -> new Fence(1, Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> fence.raiseFloor(-1));
        assertThrows(IllegalArgumentException.class, () -> fence.raiseFloor(Tokens.MAX + 1));
    }

    private static void mustNotRun() {
        throw new AssertionError("this action must not run");
    }

    private static Call start(String name, Step step) {
        var task = new FutureTask<Void>(() -> {
            step.run();
            return null;
        });
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return new Call(thread, task);
    }

    private interface Step {
        void run() throws Exception;
    }

    private record Call(Thread thread, FutureTask<Void> task) {
        void get() throws Exception {
            task.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        }

        Throwable failure() {
            return assertThrows(java.util.concurrent.ExecutionException.class, this::get)
                    .getCause();
        }
    }
}

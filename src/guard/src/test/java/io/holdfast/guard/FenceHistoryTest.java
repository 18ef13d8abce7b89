package io.holdfast.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads at few resources: every history of calls can be put in an order, within the times that they took, in
 * which each is admitted exactly when no higher token came before it.
 */
@Timeout(120)
class FenceHistoryTest {

    private static final int THREADS = 16;
    private static final int CALLS = 1_000;
    private static final int RESOURCES = 3;

    /** One call: when it began and ended on a clock that all threads share, and what became of it. */
    private record Done(int resource, long token, long began, long ended, Outcome outcome) {}

    private enum Outcome {
        ADMITTED,
        STALE,
        BUSY,
        INTERRUPTED
    }

    private final AtomicLong clock = new AtomicLong();
    /** Written by actions only: that lists of this kind survive it shows that actions of a resource run alone. */
    private final List<ArrayList<Long>> written =
            IntStream.range(0, RESOURCES).mapToObj(i -> new ArrayList<Long>()).toList();

    @RepeatedTest(3)
    void everyHistoryIsLinearizable() throws Exception {
        var fence = new Fence(RESOURCES, Waiting.LONG);
        var history = run(fence, false);
        for (int resource = 0; resource < RESOURCES; resource++) {
            check(resource, history, true);
        }
        assertEquals(0, fence.floor());
        assertTrue(count(history, Outcome.STALE) > CALLS / 10, "too few calls were refused to show anything");
    }

    @RepeatedTest(3)
    void noStaleTokenIsAdmittedWhenTheFenceForgets() throws Exception {
        var fence = new Fence(RESOURCES - 1, Waiting.LONG);
        var history = run(fence, false);
        for (int resource = 0; resource < RESOURCES; resource++) {
            check(resource, history, false);
        }
        assertTrue(fence.floor() > 0, "nothing was forgotten");
        assertTrue(count(history, Outcome.ADMITTED) > 100, "too few calls were admitted to show anything");
    }

    @RepeatedTest(3)
    void callsThatAreInterruptedOrTooLateLeaveNothingHeld() throws Exception {
        var fence = new Fence(RESOURCES, Duration.ofNanos(20_000));
        var history = run(fence, true);
        for (int resource = 0; resource < RESOURCES; resource++) {
            check(resource, history, true);
            fence.run(name(resource), Tokens.MAX, () -> {});
        }
    }

    private List<Done> run(Fence fence, boolean interrupts) throws Exception {
        var pool = Executors.newFixedThreadPool(THREADS);
        try {
            var callers = new ArrayList<Callable<List<Done>>>();
            var threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                int caller = i;
                callers.add(() -> {
                    threads[caller] = Thread.currentThread();
                    var random = new Random(caller);
                    var done = new ArrayList<Done>();
                    for (int call = 0; call < CALLS; call++) {
                        var other = threads[random.nextInt(THREADS)];
                        if (interrupts && other != null && random.nextInt(20) == 0) {
                            other.interrupt();
                        }
                        // Around a token that rises, so that many are a little late.
                        done.add(call(fence, random.nextInt(RESOURCES), 1 + call / 10 + random.nextInt(4)));
                    }
                    return done;
                });
            }
            var history = new ArrayList<Done>();
            for (Future<List<Done>> done : pool.invokeAll(callers)) {
                history.addAll(done.get());
            }
            return history;
        } finally {
            pool.shutdownNow();
            assertTrue(pool.awaitTermination(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private Done call(Fence fence, int resource, long token) {
        long began = clock.incrementAndGet();
        var outcome = Outcome.ADMITTED;
        try {
            fence.run(name(resource), token, () -> {
                written.get(resource).add(token);
                if (written.get(resource).size() % 4 == 0) {
                    // Others arrive meanwhile.
                    Thread.yield();
                }
            });
        } catch (StaleTokenException stale) {
            outcome = Outcome.STALE;
        } catch (ResourceBusyException busy) {
            outcome = Outcome.BUSY;
        } catch (InterruptedException interrupted) {
            outcome = Outcome.INTERRUPTED;
        }
        return new Done(resource, token, began, clock.incrementAndGet(), outcome);
    }

    /**
     * The order of the admitted is that of their writes. It must rise, and agree with the times: nothing is admitted
     * that began after the end of a higher one, and nothing is refused unless a higher one began before it ended.
     */
    private void check(int resource, List<Done> history, boolean exact) {
        var here = history.stream().filter(done -> done.resource == resource).toList();
        var tokens = written.get(resource);
        assertEquals(count(here, Outcome.ADMITTED), tokens.size(), "each admitted action ran once, alone");
        for (int i = 1; i < tokens.size(); i++) {
            assertTrue(tokens.get(i - 1) <= tokens.get(i), "token " + tokens.get(i) + " came late");
        }
        var ended = new TreeMap<Long, Long>();
        var began = new TreeMap<Long, Long>();
        for (var done : here) {
            began.put(done.began, done.token);
            if (done.outcome == Outcome.ADMITTED) {
                ended.put(done.ended, done.token);
            }
        }
        highestUntilThen(ended);
        highestUntilThen(began);
        for (var done : here) {
            if (done.outcome == Outcome.ADMITTED) {
                var earlier = ended.lowerEntry(done.began);
                assertTrue(earlier == null || earlier.getValue() <= done.token, () -> done + " after " + earlier);
            } else if (done.outcome == Outcome.STALE && exact) {
                var other = began.lowerEntry(done.ended);
                assertTrue(other.getValue() > done.token, () -> done + " was refused for nothing");
            }
        }
    }

    private static void highestUntilThen(TreeMap<Long, Long> tokens) {
        long highest = 0;
        for (var entry : tokens.entrySet()) {
            highest = Math.max(highest, entry.getValue());
            entry.setValue(highest);
        }
    }

    private static long count(List<Done> history, Outcome outcome) {
        return history.stream().filter(done -> done.outcome == outcome).count();
    }

    private static String name(int resource) {
        return "resource/" + resource;
    }
}

package io.holdfast.cdi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.LeaseLostException;
import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.internal.Waiting;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two applications, of which one leads. */
@Timeout(180)
class LeaderOnlyTest {

    private static final long BOUND = 60;

    private final ModelEnsemble ensemble = new ModelEnsemble();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Application one;
    private Application two;

    /** The work of the leader. */
    @ApplicationScoped
    @LeaderOnly("jobs/of a day")
    static class Jobs {

        <T> T run(Callable<T> job) throws Exception {
            return job.call();
        }

        <T> CompletionStage<T> begin(CompletionStage<T> job) {
            Leases.current().check();
            return job;
        }

        @LeaderOnly(value = "jobs/of a day", onFollower = OnBusy.FAIL)
        int count() {
            return 1;
        }
    }

    @BeforeEach
    void start() throws Exception {
        one = application("one", "2s");
        Waiting.await(() -> ensemble.isHeld("jobs/of~20a~20day"));
        two = application("two", "1m");
        Waiting.await(() -> ensemble.tickets("jobs/of~20a~20day") == 2);
    }

    private Application application(String id, String ttl) {
        return new Application(
                id,
                ensemble,
                Map.of(
                        "holdfast.client.endpoints",
                        "http://one,http://two,http://three",
                        "holdfast.client.ttl",
                        ttl,
                        "holdfast.client.candidate",
                        id,
                        "holdfast.client.elections",
                        "jobs/of a day"));
    }

    @AfterEach
    void stop() {
        ensemble.heal(one.transport);
        one.close();
        two.close();
        ensemble.close();
        threads.shutdownNow();
    }

    private static Jobs jobs(Application of) {
        return of.get(Jobs.class);
    }

    @Test
    void onlyTheLeaderRunsAndAnotherTakesOverWhenItEnds() throws Exception {
        Waiting.await(() -> jobs(one).run(() -> true) != null);
        assertNull(jobs(two).run(() -> {
            throw new AssertionError("run");
        }));
        NotLeaderException not = assertThrows(NotLeaderException.class, jobs(two)::count);
        assertEquals(
                "@LeaderOnly Jobs.count was not run: this application does not lead jobs/of~20a~20day",
                not.getMessage());
        assertNull(
                jobs(two).begin(new CompletableFuture<>()).toCompletableFuture().join());
        one.close();
        Waiting.await(() -> jobs(two).run(() -> true) != null);
        assertEquals(1, jobs(two).count());
    }

    @Test
    void aJobIsStoppedWhenItsLeadershipIsLostAndTheNextLeaderBeginsAfterIt() throws Exception {
        Waiting.await(() -> jobs(one).run(() -> true) != null);
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<String> endless = new CompletableFuture<>();
        Future<Boolean> job = threads.submit(() -> jobs(one).run(() -> {
            begun.countDown();
            try {
                return new CountDownLatch(1).await(BOUND, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                assertNull(jobs(two).run(() -> true), "interrupted before another leads");
                throw e;
            }
        }));
        CompletableFuture<String> asynchronous = jobs(one).begin(endless).toCompletableFuture();
        begun.countDown();
        assertTrue(begun.await(BOUND, TimeUnit.SECONDS));
        ensemble.cut(one.transport);
        ExecutionException stopped = assertThrows(ExecutionException.class, () -> job.get(BOUND, TimeUnit.SECONDS));
        assertTrue(stopped.getCause() instanceof InterruptedException, () -> "" + stopped.getCause());
        assertThrows(CancellationException.class, () -> asynchronous.get(BOUND, TimeUnit.SECONDS));
        assertTrue(endless.isCancelled());
        Waiting.await(() -> jobs(two).run(() -> true) != null);
        assertNull(jobs(one).run(() -> true));
    }

    @Test
    void aJobThatEndsAfterItsLeadershipFails() throws Exception {
        Waiting.await(() -> jobs(one).run(() -> true) != null);
        assertThrows(
                LeaseLostException.class,
                () -> jobs(one).run(() -> {
                    ensemble.cut(one.transport);
                    Waiting.await(() -> {
                        boolean unused = Thread.interrupted();
                        return Leases.current().remaining().isZero();
                    });
                    return true;
                }));
    }
}

package io.holdfast.sidecar.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hooks against a real server, real commands and real processes. */
@Timeout(120)
class HookTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Hook.Occasion STOP = new Hook.Occasion("stop", "jobs/leader", "pod-1", 7, 1500);

    @TempDir
    private Path directory;

    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private HttpServer application;

    @BeforeEach
    void serve() throws IOException {
        application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        application.createContext("/", exchange -> {
            posted.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Holdfast-Token") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Integer status = statuses.poll();
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        application.start();
    }

    @AfterEach
    void close() {
        application.stop(0);
    }

    private Hook http() {
        return Hook.parse("http://127.0.0.1:" + application.getAddress().getPort() + "/stop");
    }

    @Test
    void anApplicationIsPostedTheOccasionAndSaysThatItIsDone() throws Exception {
        assertEquals(Hook.Result.DONE, http().call(STOP, BOUND));
        assertEquals(
                List.of("POST 7 {\"event\":\"stop\",\"lock\":\"jobs/leader\",\"candidate\":\"pod-1\",\"token\":7,"
                        + "\"withinMs\":1500}"),
                posted);
        statuses.add(500);
        assertEquals(Hook.Result.FAILED, http().call(STOP, BOUND));
        statuses.add(302);
        assertEquals(Hook.Result.FAILED, http().call(STOP, BOUND));
        Hook hook = http();
        application.stop(0);
        assertEquals(Hook.Result.FAILED, hook.call(STOP, BOUND));
    }

    @Test
    void aCommandSeesTheOccasionAndSaysByItsExitCodeThatItIsDone() throws Exception {
        Path script = Files.writeString(
                directory.resolve("stop.sh"),
                "echo \"$1 $HOLDFAST_EVENT $HOLDFAST_LOCK $HOLDFAST_CANDIDATE"
                        + " $HOLDFAST_TOKEN $HOLDFAST_WITHIN_MS\" > \"$0.out\"\n"
                        + "exit ${1#code-}\n");
        assertEquals(
                Hook.Result.DONE, Hook.parse("exec:sh " + script + " code-0").call(STOP, BOUND));
        assertEquals("code-0 stop jobs/leader pod-1 7 1500\n", Files.readString(directory.resolve("stop.sh.out")));
        assertEquals(
                Hook.Result.FAILED, Hook.parse("exec:sh " + script + " code-3").call(STOP, BOUND));
        assertEquals(Hook.Result.FAILED, Hook.parse("exec:/no/such/program").call(STOP, BOUND));
    }

    private static boolean isWritten(Path file) {
        try {
            return Files.exists(file) && !Files.readString(file).isBlank();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCommandThatTakesTooLongIsKilledWithItsChildren() throws Exception {
        Path script = Files.writeString(directory.resolve("long.sh"), "sleep 300 & echo $! > \"$0.pid\"; wait\n");
        Path pid = directory.resolve("long.sh.pid");
        Thread caller = Thread.currentThread();
        Thread watch = new Thread(() -> {
            try {
                Eventually.await("the child runs", BOUND, () -> isWritten(pid));
                caller.interrupt();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        watch.start();
        boolean interrupted = false;
        try {
            Hook.parse("exec:sh " + script).call(STOP, BOUND);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        watch.join();
        assertTrue(interrupted);
        long child = Long.parseLong(Files.readString(pid).strip());
        Eventually.await(
                "the child has ended", BOUND, () -> ProcessHandle.of(child).isEmpty());
        assertEquals(Hook.Result.FAILED, Hook.parse("exec:sleep 300").call(STOP, Duration.ofMillis(50)));
    }

    @Test
    void aSignalIsSentToTheProcessesOfThatNameAndToNoOther() throws Exception {
        Path program = Files.copy(
                Path.of("/bin/sleep"),
                directory.resolve("hold-" + ProcessHandle.current().pid()));
        assertTrue(program.toFile().setExecutable(true));
        Process meant = new ProcessBuilder(program.toString(), "300").start();
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            Hook hook = Hook.parse("signal:SIGUSR1:" + program.getFileName());
            assertEquals(Hook.Result.TOLD, hook.call(STOP, BOUND));
            assertTrue(meant.waitFor(60, TimeUnit.SECONDS));
            assertEquals(128 + 10, meant.exitValue());
            assertTrue(other.isAlive());
            assertEquals(Hook.Result.FAILED, hook.call(STOP, BOUND), "there is none any more");
            meant = new ProcessBuilder(program.toString(), "300").start();
            assertEquals(
                    Hook.Result.TOLD,
                    Hook.parse("signal:TERM:" + program.getFileName()).call(STOP, BOUND));
            assertTrue(meant.waitFor(60, TimeUnit.SECONDS));
            assertEquals(128 + 15, meant.exitValue());
        } finally {
            meant.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private HookRunner runner(Optional<Hook> onElected, Optional<Hook> onStop) {
        return new HookRunner("jobs/leader", "pod-1", onElected, onStop);
    }

    @Test
    void whatFailedIsCalledAgain() throws Exception {
        statuses.add(500);
        statuses.add(503);
        HookRunner runner = runner(Optional.of(http()), Optional.of(http()));
        runner.elected(7);
        Eventually.await("the hook has succeeded", BOUND, () -> runner.count(Hook.Result.DONE) == 1);
        assertEquals(2, runner.count(Hook.Result.FAILED));
        statuses.add(500);
        assertTrue(runner.stop(7, () -> 60_000));
        assertEquals(3, runner.count(Hook.Result.FAILED));
        assertTrue(posted.get(4).contains("\"event\":\"stop\""), posted.get(4));
    }

    @Test
    void theStopHookIsCalledUntilItsTimeIsOver() {
        AtomicLong left = new AtomicLong(4);
        HookRunner runner = runner(Optional.empty(), Optional.of((occasion, within) -> Hook.Result.FAILED));
        assertFalse(runner.stop(7, () -> Math.max(0, left.getAndDecrement())));
        assertEquals(2, runner.count(Hook.Result.FAILED));
        assertFalse(runner(Optional.empty(), Optional.empty()).stop(7, () -> 60_000));
    }

    @Test
    void theApplicationThatHasStoppedEndsTheCall() throws Exception {
        AtomicLong left = new AtomicLong(3_600_000);
        CountDownLatch called = new CountDownLatch(1);
        HookRunner runner = runner(Optional.empty(), Optional.of((occasion, within) -> {
            called.countDown();
            new CountDownLatch(1).await();
            return Hook.Result.DONE;
        }));
        CompletableFuture<Boolean> confirmed = CompletableFuture.supplyAsync(() -> runner.stop(7, left::get));
        assertTrue(called.await(60, TimeUnit.SECONDS));
        left.set(0);
        runner.stopped(7);
        assertFalse(confirmed.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aHookThatHangsAtTheBeginningDelaysNoEnd() {
        HookRunner runner = runner(Optional.of(Hook.parse("exec:sleep 300")), Optional.of(http()));
        runner.elected(7);
        assertTrue(runner.stop(7, () -> 60_000));
        assertEquals(1, posted.size());
    }

    @Test
    void aHookThatThrowsHasFailed() {
        HookRunner runner = runner(Optional.empty(), Optional.of((occasion, within) -> {
            throw new IllegalStateException("made up");
        }));
        AtomicLong left = new AtomicLong(2);
        assertFalse(runner.stop(7, () -> Math.max(0, left.getAndDecrement())));
        assertEquals(1, runner.count(Hook.Result.FAILED));
    }
}

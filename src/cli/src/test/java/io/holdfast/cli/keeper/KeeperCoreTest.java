package io.holdfast.cli.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Mode;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import io.holdfast.ensemble.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the keeper, with made-up time and a guard that only listens. */
@Timeout(120)
class KeeperCoreTest {

    private static final Granted GRANT = new Granted(List.of("a"), "g-1", 18, "3-1");

    @TempDir
    private Path directory;

    private final AtomicLong now = new AtomicLong(100_000);
    private final AtomicLong remaining = new AtomicLong(9_000);
    private final CompletableFuture<Loss> lost = new CompletableFuture<>();
    private final List<Consumer<Notice>> listeners = Collections.synchronizedList(new ArrayList<>());
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final GuardState state = new GuardState();

    /** A lease that lasts as long as the test says. */
    private final class MadeUpLease implements Lease {
        @Override
        public long token() {
            return GRANT.token();
        }

        @Override
        public String grant() {
            return GRANT.grant();
        }

        @Override
        public List<String> locks() {
            return GRANT.locks();
        }

        @Override
        public Mode mode() {
            return Mode.EXCLUSIVE;
        }

        @Override
        public Duration remaining() {
            return Duration.ofMillis(remaining.get());
        }

        @Override
        public void check() {
            if (remaining.get() == 0) {
                throw new LeaseLostException("over", "session-ended", Loss.SESSION_ENDED);
            }
        }

        @Override
        public boolean stopping() {
            return false;
        }

        @Override
        public void onStop(Runnable action) {}

        @Override
        public void onNotice(Consumer<Notice> listener) {
            listeners.add(listener);
        }

        @Override
        public CompletableFuture<Loss> lost() {
            return lost;
        }

        @Override
        public boolean upgrade() {
            return true;
        }

        @Override
        public void downgrade() {}

        @Override
        public boolean handOver(String ticket) {
            return false;
        }

        @Override
        public void close() {
            heard.add("closed");
        }

        @Override
        public boolean endAfter(Duration time) {
            return false;
        }

        @Override
        public void release(Duration closedFor) {}
    }

    /** A guard that remembers. */
    private final class Listening implements Guard {
        @Override
        public void plan(Plan plan) {
            heard.add("plan");
        }

        @Override
        public void deadline(long end, long confirmed) {
            heard.add("deadline " + end + " " + confirmed);
        }

        @Override
        public void granted(Granted grant) {
            heard.add("granted " + grant.token());
        }

        @Override
        public void reason(String why) {
            heard.add("reason " + why);
        }

        @Override
        public void lost(String why) {
            heard.add("lost " + why);
        }

        @Override
        public void released() {
            heard.add("released");
        }

        @Override
        public void over(Outcome outcome) {
            heard.add("over " + outcome.code());
        }
    }

    private static Plan plan() {
        return new Plan(
                "test",
                LockRequest.exclusive("a"),
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                "TERM",
                false,
                false,
                null,
                false,
                () -> true,
                Duration.ofSeconds(10),
                false,
                false);
    }

    private CompletableFuture<Boolean> hold(Work work) {
        Hold.Side side = new Hold.Side(
                new Listening(), state, work, new LeaseFile(directory.resolve("lease")), now::get, heard::add);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new Hold(plan(), side, new MadeUpLease()).run(GRANT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitHeard(String line) throws Exception {
        Eventually.await(line + " in " + heard, Held.BOUND, () -> heard.contains(line));
    }

    /** A process that stands for a guard, and is not one. */
    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "1000").start();
    }

    @Test
    void theGuardKnowsTheDeadlineBeforeItKnowsTheGrant() throws Exception {
        Work work = new Work(0, "no-such-mark");
        CompletableFuture<Boolean> held = hold(work);
        awaitHeard("granted 18");
        // 9.99 s less 0.1 s are relied on, of which 9 s are left: confirmed 0.89 s ago.
        assertEquals(List.of("deadline 100900 99911", "granted 18"), heard);
        assertEquals("deadline=100900\ntoken=18\n", Files.readString(directory.resolve("lease")));
        now.addAndGet(300);
        remaining.set(9_800);
        state.wake();
        awaitHeard("deadline 101280 100291");
        // Two hundredths more are no news, and less always is.
        now.addAndGet(2);
        state.wake();
        remaining.set(5_000);
        state.wake();
        awaitHeard("deadline 100802 99813");
        state.tellEnded();
        assertTrue(held.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aGuardThatDidNotSayWhetherItStartedTheCommandIsKilledWithTheLease() throws Exception {
        Process guard = sleeper();
        try {
            CompletableFuture<Boolean> held = hold(new Work(guard.pid(), "no-such-mark"));
            awaitHeard("granted 18");
            remaining.set(150);
            state.wake();
            assertTrue(guard.waitFor(60, TimeUnit.SECONDS));
            awaitHeard("closed");
            state.tellGone();
            assertFalse(held.get(60, TimeUnit.SECONDS));
            awaitHeard("lost lost contact 9 s ago");
        } finally {
            guard.destroyForcibly();
        }
    }

    @Test
    void whatRunsUnderAGuardIsKilledWhenItIsGoneOrTheLeaseIsLost() throws Exception {
        Process guard = sleeper();
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put("HOLDFAST_GRANT", GRANT.grant());
        Process byGrant = builder.start();
        builder.environment().remove("HOLDFAST_GRANT");
        builder.environment().put("HOLDFAST_GUARDS", "outer:mark-7");
        Process byMark = builder.start();
        Process byNumber = sleeper();
        try {
            Work work = new Work(guard.pid(), "mark-7");
            CompletableFuture<Boolean> held = hold(work);
            awaitHeard("granted 18");
            work.started(byNumber.pid(), true);
            // The lease is over before its waiters are notified.
            remaining.set(0);
            state.wake();
            for (Process process : List.of(byGrant, byMark, byNumber)) {
                assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            }
            awaitHeard("lost the ensemble ended the session");
            assertTrue(guard.isAlive());
            state.tellEnded();
            assertFalse(held.get(60, TimeUnit.SECONDS));
        } finally {
            List.of(guard, byGrant, byMark, byNumber).forEach(Process::destroyForcibly);
        }
    }

    @Test
    void anAnnouncedBreakIsTheReason() throws Exception {
        CompletableFuture<Boolean> held = hold(new Work(0, "no-such-mark"));
        awaitHeard("granted 18");
        listeners
                .get(0)
                .accept(new Notice(Notice.Kind.BREAK_ANNOUNCED, null, Duration.ofSeconds(9), "admin", "maintenance"));
        awaitHeard("reason admin takes the lock (maintenance)");
        state.tellGone();
        assertTrue(held.get(60, TimeUnit.SECONDS));
    }

    @Test
    void aLeaseFileThatCannotBeWrittenStartsNothing() throws Exception {
        Files.createDirectory(directory.resolve("lease.next"));
        Exception failure = assertThrows(
                Exception.class, () -> hold(new Work(0, "no-such-mark")).get(60, TimeUnit.SECONDS));
        assertTrue(String.valueOf(failure).contains("lease.next"), failure::toString);
        assertEquals(List.of(), heard);
    }

    @Test
    void aGuardThatDoesNotReadFindsTheLatestDeadlineOnly() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        OutputStream blocking = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("bytes come in lines");
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                written.writeBytes(bytes);
            }
        };
        String said = "guard 7 mark-7 1 /some where/lease\nstarted 4711\nended 0\n";
        GuardPipe pipe =
                new GuardPipe(new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)), blocking, state);
        GuardPipe.Introduction guard = pipe.introduction();
        assertEquals(new GuardPipe.Introduction(7, "mark-7", true, "/some where/lease"), guard);
        AtomicLong started = new AtomicLong();
        pipe.open(started::set);
        Eventually.await("all was read", Held.BOUND, state::isGone);
        assertEquals(4711, started.get());
        assertTrue(state.isEnded());
        pipe.reason("first");
        for (int i = 1; i <= 10_000; i++) {
            pipe.deadline(i, 0);
        }
        pipe.granted(GRANT);
        reads.countDown();
        Eventually.await(
                "all is written",
                Held.BOUND,
                () -> written.toString(StandardCharsets.UTF_8).contains("granted"));
        assertEquals(
                "reason first\ndeadline 10000 0\nlock a\ngranted g-1 18 3-1\n",
                written.toString(StandardCharsets.UTF_8));
        // What ends the command comes after it.
        pipe.lost("why");
        assertTrue(written.toString(StandardCharsets.UTF_8).endsWith("\nlost why\n"));
    }

    @Test
    void theSharedClockIsReadInHundredths() throws Exception {
        Path file = directory.resolve("uptime");
        Files.writeString(file, "52.07 103.20\n");
        assertEquals(5_207, Uptime.of(file).hundredths());
        long before = Uptime.ofMachine().hundredths();
        assertTrue(before > 0 && Uptime.ofMachine().hundredths() >= before);
    }
}

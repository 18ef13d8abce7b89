package io.holdfast.cli.keeper;

import io.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guard within the keeper's own process, where there is no other: starts the command, and stops it in time unless
 * this process is stopped or killed itself. Calls come from the keeper's thread and from the ones that watch.
 */
final class DirectRun implements Guard {

    private static final long LOOK_MILLIS = 1_000;
    private static final long HOOK_MILLIS = 10_000;

    private final Consumer<String> warn;
    private final GuardState state = new GuardState();
    private final String mark = UUID.randomUUID().toString();
    private final boolean linux = Files.isDirectory(Path.of("/proc/self"));
    private final Uptime uptime = Uptime.ofProcess();
    private final Work work = new Work(ProcessHandle.current().pid(), mark);
    private final CountDownLatch over = new CountDownLatch(1);
    private List<String> command = List.of();
    private @Nullable Plan plan;
    private @Nullable Path directory;
    private @Nullable Process process;
    private @Nullable String stopped;
    private @Nullable String reason;
    private Outcome outcome = Outcome.DONE;
    private int code;
    private long end;
    private long confirmed;
    private long killAt;

    DirectRun(Consumer<String> warn) {
        this.warn = warn;
    }

    int run(Plan asked, HoldfastClient client, List<String> words) throws IOException, InterruptedException {
        command = words;
        plan = asked;
        if (!asked.quiet()) {
            warn.accept("without a guard, nothing stops the command when this process is stopped or killed");
        }
        Path made = Files.createTempDirectory("holdfast.");
        directory = made;
        Thread hook = new Thread(this::told, "holdfast-hook");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            LeaseFile file = new LeaseFile(made.resolve("lease"));
            new Keeper(asked, new Hold.Side(this, state, work, file, uptime, warn), client).run();
        } finally {
            over.countDown();
            Files.deleteIfExists(made.resolve("lease"));
            Files.deleteIfExists(made.resolve("lease.next"));
            Files.deleteIfExists(made);
        }
        return ended(asked);
    }

    private synchronized int ended(Plan asked) throws IOException {
        Outcome last = stopped != null ? Outcome.LEASE_LOST : outcome;
        int result = last.equals(Outcome.DONE) ? code : last.code();
        String statusFile = asked.statusFile();
        if (statusFile != null) {
            String json = "{\"outcome\":\"" + last.word() + "\",\"exit\":" + result + "}\n";
            Files.write(Path.of(statusFile), json.getBytes(StandardCharsets.UTF_8));
        }
        return result;
    }

    /** This process was told to end: so is the command, and the lock is released first. */
    private void told() {
        state.tellCancelled();
        Process running = running();
        if (running != null) {
            running.destroy();
        }
        try {
            if (!over.await(HOOK_MILLIS, TimeUnit.MILLISECONDS) && running != null) {
                kill(running);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Process running() {
        return process;
    }

    @Override
    public void plan(Plan asked) {
        // It is known.
    }

    @Override
    public synchronized void deadline(long at, long since) {
        end = at;
        confirmed = since;
        notifyAll();
    }

    @Override
    public synchronized void granted(Granted grant) {
        stopped = null;
        reason = null;
        killAt = Long.MAX_VALUE;
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        if (plan != null && !plan.credentials()) {
            environment.keySet().removeAll(List.of("HOLDFAST_AUTH_FILE", "HOLDFAST_CERT_FILE", "HOLDFAST_KEY_FILE"));
        }
        environment.put("HOLDFAST_TOKEN", Long.toString(grant.token()));
        environment.put("HOLDFAST_LOCK", String.join(" ", grant.locks()));
        environment.put("HOLDFAST_GRANT", grant.grant());
        environment.put("HOLDFAST_SESSION", grant.session());
        environment.put("HOLDFAST_LEASE_FILE", directory + "/lease");
        environment.merge("HOLDFAST_GUARDS", mark, (outer, inner) -> outer + ":" + inner);
        try {
            Process started = builder.start();
            process = started;
            work.started(started.pid(), false);
            start("command-end", () -> waitFor(started));
            start("command-deadline", () -> watch(started));
        } catch (IOException e) {
            boolean found = String.valueOf(e.getMessage()).contains("error=13");
            warn.accept(command.get(0) + (found ? " cannot be executed" : " is no command that was found"));
            code = found ? 126 : 127;
            state.tellCancelled();
            state.tellEnded();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void waitFor(Process started) {
        try {
            int result = started.waitFor();
            int left = linux ? work.kill() : 0;
            while (left > 0) {
                TimeUnit.MILLISECONDS.sleep(20);
                left = work.kill();
            }
            synchronized (this) {
                code = result;
                process = null;
                notifyAll();
            }
            state.tellEnded();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void watch(Process started) {
        Plan asked = java.util.Objects.requireNonNull(plan);
        long grace = asked.grace().toMillis() / 10;
        try {
            while (started.equals(process)) {
                long now = uptime.hundredths();
                long stopAt = stopped == null ? end - grace : Math.min(killAt, end - EARLY_HUNDREDTHS);
                if (now < stopAt) {
                    wait(Math.max(1, Math.min(LOOK_MILLIS, (stopAt - now) * 10)));
                } else if (stopped == null && now < end - EARLY_HUNDREDTHS) {
                    stopped = reason != null ? reason : "lost contact " + (now - confirmed) / 100 + " s ago";
                    killAt = now + grace;
                    warn.accept(stopped + ": " + asked.signal() + " now, KILL in "
                            + asked.grace().toSeconds() + " s");
                    signal(started, asked.signal());
                } else {
                    stopped = stopped == null ? "lost contact" : stopped;
                    kill(started);
                    wait(20);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void signal(Process started, String name) {
        if (name.equals("TERM")) {
            started.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-s", name, Long.toString(started.pid())).start();
        } catch (IOException e) {
            started.destroy();
        }
    }

    private void kill(Process started) {
        started.descendants().forEach(ProcessHandle::destroyForcibly);
        started.destroyForcibly();
        if (linux) {
            work.kill();
        }
    }

    @Override
    public synchronized void reason(String why) {
        reason = why;
    }

    @Override
    public synchronized void lost(String why) {
        stopped = stopped == null ? why : stopped;
        end = 0;
        Process running = process;
        if (running != null) {
            kill(running);
        }
        notifyAll();
    }

    @Override
    public void released() {
        // The next grant has a command of its own.
    }

    @Override
    public synchronized void over(Outcome last) {
        outcome = last;
    }
}

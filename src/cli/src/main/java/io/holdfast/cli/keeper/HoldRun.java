package io.holdfast.cli.keeper;

import io.holdfast.cli.CommandException;
import io.holdfast.cli.Invocation;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LockRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Puts keeper and guard together: the guard that started this process, or one within it. */
final class HoldRun {

    /** Set by the script that starts this process as a keeper, whose standard streams are the pipes to its guard. */
    private static final String GUARDED = "holdfast.guarded";

    private final Invocation invocation;
    private final HoldOptions options;
    private final Consumer<String> warn;

    /**
     * When it stands for the locks.
     *
     * @param again whether it stands again after the command ended
     * @param eligible whether it stands at all
     */
    record Standing(boolean again, BooleanSupplier eligible) {}

    HoldRun(Invocation invocation, HoldOptions options) {
        this.invocation = invocation;
        this.options = options;
        this.warn = line -> {
            invocation.shell().err().println("holdfast: " + line.replace('\n', ' '));
            invocation.shell().err().flush();
        };
    }

    int run(List<String> command, LockRequest what, Optional<Duration> wait, Standing standing)
            throws InterruptedException {
        boolean guarded = Boolean.getBoolean(GUARDED);
        if (!guarded && !options.noGuard) {
            throw HoldOptions.wrong(
                    "this needs the script holdfast on Linux with bash 4.4, which stops the command when"
                            + " this process cannot; or give --no-guard, see --help");
        }
        Plan plan = plan(what, wait, standing);
        try (HoldfastClient client = client(plan)) {
            return guarded ? guarded(plan, client) : new DirectRun(warn).run(plan, client, command);
        } catch (IOException e) {
            throw HoldOptions.failed(e);
        }
    }

    private Plan plan(LockRequest what, Optional<Duration> wait, Standing standing) {
        Duration patience;
        try {
            patience = invocation.settings().timeout();
        } catch (CommandException e) {
            throw HoldOptions.failed(e);
        }
        boolean quiet = invocation.options().quiet();
        return new Plan(
                HoldOptions.sessionName(
                        ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L)),
                what,
                wait,
                options.ttl(),
                options.grace(),
                options.signal(),
                options.foreground,
                options.passCredentials,
                options.statusFile(),
                standing.again(),
                standing.eligible(),
                patience,
                !quiet
                        && (invocation.shell().terminal().err()
                                || invocation.options().verbose()),
                quiet);
    }

    private HoldfastClient client(Plan plan) {
        return invocation
                .client()
                .ttl(plan.ttl())
                .grace(plan.grace())
                .lockDelay(options.lockDelay())
                .name(plan.name())
                .build();
    }

    private int guarded(Plan plan, HoldfastClient client) throws IOException, InterruptedException {
        GuardState state = new GuardState();
        // Not the stream for answers, which would report that the guard has closed its end.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        GuardPipe pipe = new GuardPipe(invocation.shell().in(), out, state);
        GuardPipe.Introduction guard = pipe.introduction();
        Work work = new Work(guard.pid(), guard.mark());
        boolean ownSession = !guard.foreground() && !plan.foreground();
        pipe.open(pid -> work.started(pid, ownSession));
        LeaseFile file = new LeaseFile(Path.of(guard.leaseFile()));
        Uptime uptime = Uptime.ofMachine();
        new Keeper(plan, new Hold.Side(pipe, state, work, file, uptime, warn), client).run();
        pipe.flush();
        if (state.isGone()) {
            clear(Path.of(guard.leaseFile()));
        }
        return 0;
    }

    /** Removes what a guard that was killed has left. */
    private static void clear(Path leaseFile) throws IOException {
        Files.deleteIfExists(leaseFile);
        Files.deleteIfExists(leaseFile.resolveSibling(leaseFile.getFileName() + ".next"));
        Path directory = leaseFile.getParent();
        if (directory != null) {
            Files.deleteIfExists(directory);
        }
    }
}

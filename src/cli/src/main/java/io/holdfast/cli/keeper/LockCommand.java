package io.holdfast.cli.keeper;

import io.holdfast.api.Json;
import io.holdfast.cli.Invocation;
import io.holdfast.client.LockRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a command while it holds locks. */
@Command(
        name = "lock",
        exitCodeOnInvalidInput = 125,
        description = {
            "Run a command while it holds one or more locks; it is stopped in time when they cannot be kept.",
            "Exit code: the command's, 128 + n by signal n; 120 not granted in time, 121 stopped because the lease"
                    + " could not be kept, 122 no node could be asked, 125 holdfast failed, 126 not executable,"
                    + " 127 not found.",
            "The command has HOLDFAST_TOKEN (fencing token), HOLDFAST_LOCK, HOLDFAST_GRANT, HOLDFAST_SESSION and"
                    + " HOLDFAST_LEASE_FILE in its environment."
        })
public final class LockCommand implements Callable<Integer> {

    private static final Duration WAIT_MAX = Duration.ofHours(24);

    @Mixin
    private HoldOptions options = new HoldOptions();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long to wait for the locks, 0s tries once (until they are granted)")
    private @Nullable String wait;

    @Option(names = "--shared", description = "Hold them together with other shared holders")
    private boolean shared;

    @Option(names = "--limit", paramLabel = "N", description = "Hold permits of a semaphore that has N")
    private @Nullable Integer limit;

    @Option(names = "--permits", paramLabel = "N", description = "How many of them (1)")
    private @Nullable Integer permits;

    @Option(names = "--reason", paramLabel = "TEXT", description = "What others read about it")
    private @Nullable String reason;

    @Spec
    private CommandSpec spec;

    private final Invocation invocation;

    /** One of that invocation. */
    @SuppressWarnings("NullAway.Init")
    public LockCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws InterruptedException {
        HoldOptions.Halves halves = options.halves(spec);
        Optional<Duration> patience =
                Optional.ofNullable(wait).map(text -> HoldOptions.duration("--wait", text, Duration.ZERO, WAIT_MAX));
        LockRequest what = request(halves.names());
        return new HoldRun(invocation, options)
                .run(halves.command(), what, patience, new HoldRun.Standing(false, () -> true));
    }

    private LockRequest request(List<String> names) {
        if (shared && limit != null) {
            throw HoldOptions.wrong("--shared and --limit exclude each other; give one of them");
        }
        if (permits != null && limit == null) {
            throw HoldOptions.wrong("--permits goes with --limit, which says how many there are");
        }
        try {
            LockRequest all = LockRequest.all(names.stream().map(this::request).toArray(LockRequest[]::new));
            return reason == null ? all : all.withMetadata(metadata(reason));
        } catch (IllegalArgumentException e) {
            throw HoldOptions.failed(e);
        }
    }

    private LockRequest request(String name) {
        if (limit != null) {
            return LockRequest.semaphore(name, permits == null ? 1 : permits, limit);
        }
        return shared ? LockRequest.shared(name) : LockRequest.exclusive(name);
    }

    private static String metadata(String text) {
        return new String(Json.write(out -> out.begin().field("reason", text).end()), StandardCharsets.UTF_8);
    }
}

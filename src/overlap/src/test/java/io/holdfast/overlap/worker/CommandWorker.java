package io.holdfast.overlap.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Works as the command of {@code holdfast lock}: it looks at nothing, ignores SIGTERM, and is killed. It starts a
 * process that does the same, and one more that has left its session.
 */
public final class CommandWorker {

    private static final long TURN_MILLIS = 5;
    private static final String PROCESS = "worker.process";

    private CommandWorker() {}

    /** Runs until it is killed. */
    public static void main(String... arguments) throws IOException {
        var settings = WorkerSettings.read(arguments);
        var process = Integer.getInteger(PROCESS, 0);
        Runtime.getRuntime().addShutdownHook(new Thread(CommandWorker::ignore));
        var token = Long.parseLong(System.getenv("HOLDFAST_TOKEN"));
        System.out.println(System.nanoTime() + " process " + process + " works with token " + token);
        if (process == 0) {
            start(1, List.of());
            start(2, List.of("setsid"));
        }
        try (var turns = new Turns(settings, process, TURN_MILLIS)) {
            if (process == 0) {
                new GuardedTurns(settings).begin(token, () -> true);
            }
            turns.work(token, () -> true);
        }
    }

    private static void ignore() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts this program once more. */
    private static void start(int process, List<String> prefix) throws IOException {
        var self = ProcessHandle.current().info();
        var command = new ArrayList<>(prefix);
        command.add(self.command().orElseThrow());
        command.add("-D" + PROCESS + "=" + process);
        command.addAll(List.of(self.arguments().orElseThrow()));
        new ProcessBuilder(command).inheritIO().start();
    }
}

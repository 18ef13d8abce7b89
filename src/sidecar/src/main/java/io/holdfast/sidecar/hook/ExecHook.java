package io.holdfast.sidecar.hook;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a command; exit code 0 says that the application has done it. No shell is put between: the words are separated
 * by blanks.
 *
 * @param command with its arguments
 */
record ExecHook(List<String> command) implements Hook {

    private static final System.Logger LOG = System.getLogger(ExecHook.class.getName());

    static ExecHook parse(String text) {
        List<String> words = Stream.of(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a hook by a command is such as exec:/app/stop.sh now; none is named");
        }
        return new ExecHook(words);
    }

    @Override
    public Result call(Occasion occasion, Duration within) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.put("HOLDFAST_EVENT", occasion.event());
        environment.put("HOLDFAST_LOCK", occasion.lock());
        environment.put("HOLDFAST_CANDIDATE", occasion.candidate());
        environment.put("HOLDFAST_TOKEN", Long.toString(occasion.token()));
        environment.put("HOLDFAST_WITHIN_MS", Long.toString(occasion.withinMs()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the hook " + command.get(0) + " cannot be run: " + e.getMessage());
            return Result.FAILED;
        }
        try {
            boolean ended = process.waitFor(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
            if (ended && process.exitValue() == 0) {
                return Result.DONE;
            }
            String how = ended ? "exit code " + process.exitValue() : "no end in time";
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the hook " + command.get(0) + " for " + occasion.event() + ": " + how);
            return Result.FAILED;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

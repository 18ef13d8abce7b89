package io.holdfast.cli.keeper;

import io.holdfast.api.LockNames;
import io.holdfast.cli.CommandException;
import io.holdfast.cli.Settings;
import io.holdfast.client.ClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code lock} and {@code elect} have in common on the command line. */
final class HoldOptions {

    private static final Set<String> SIGNALS = Set.of("TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "KILL");
    private static final Duration GRACE_MAX = Duration.ofSeconds(5);
    private static final String TTL = "20s";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long the lock outlives the loss of contact, 1s to 24h (20s)")
    String ttl = TTL;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description =
                    "Time between the signal and KILL when contact is lost, less than half of the ttl (a quarter of"
                            + " the ttl, 5s at most)")
    @Nullable
    String grace;

    @Option(names = "--signal", paramLabel = "NAME", description = "What tells the command to end (TERM)")
    String signal = "TERM";

    @Option(
            names = "--lock-delay",
            paramLabel = "TIME",
            description = "How long the lock stays closed when it was not released in time, to 60s (0s)")
    String lockDelay = "0s";

    @Option(
            names = "--foreground",
            description = "Leave the command in the terminal's process group, as when standard input is a terminal")
    boolean foreground;

    @Option(names = "--status-file", paramLabel = "FILE", description = "Write the outcome there, as JSON")
    @Nullable
    String statusFile;

    @Option(
            names = "--pass-credentials",
            description = "Leave HOLDFAST_AUTH_FILE, _CERT_FILE and _KEY_FILE in the command's environment")
    boolean passCredentials;

    @Option(
            names = "--no-guard",
            description =
                    "Run the command from this process: where there is no Linux, or no bash 4.4. When this process"
                            + " is stopped or killed, nothing stops the command, and only the fencing token protects")
    boolean noGuard;

    @Parameters(arity = "0..*", paramLabel = "NAME... -- COMMAND", description = "What is locked, and what then runs")
    List<String> words = List.of();

    /**
     * The command line in its two halves.
     *
     * @param names before {@code --}
     * @param command after it, one word at least
     */
    record Halves(List<String> names, List<String> command) {}

    static CommandException wrong(String line) {
        return new CommandException(Outcome.FAILED.code(), line, null);
    }

    static CommandException failed(Exception why) {
        return new CommandException(Outcome.FAILED.code(), String.valueOf(why.getMessage()), why);
    }

    Halves halves(CommandSpec spec) {
        String name = spec.name();
        List<String> all = spec.root().commandLine().getParseResult().originalArgs();
        int delimiter = all.indexOf("--");
        int command = delimiter < 0 ? 0 : all.size() - delimiter - 1;
        if (command == 0) {
            throw wrong("a command is missing; write it after --, as in: holdfast " + name + " NAME -- COMMAND");
        }
        List<String> names = words.subList(0, words.size() - command);
        if (names.isEmpty()) {
            throw wrong("the name of a lock is missing, as in: holdfast " + name + " NAME -- COMMAND");
        }
        for (String lock : names) {
            String problem = LockNames.problem(lock);
            if (problem != null) {
                throw wrong("'" + lock + "': " + problem);
            }
        }
        return new Halves(names, words.subList(words.size() - command, words.size()));
    }

    Duration ttl() {
        return duration("--ttl", ttl, ClientBuilder.TTL_MIN, ClientBuilder.TTL_MAX);
    }

    Duration lockDelay() {
        return duration("--lock-delay", lockDelay, Duration.ZERO, Duration.ofSeconds(60));
    }

    /** The grace, which must leave half of the ttl to work in. */
    Duration grace() {
        Duration time = ttl();
        Duration most = time.multipliedBy(2).dividedBy(5);
        if (grace == null) {
            Duration quarter = time.dividedBy(4);
            return quarter.compareTo(GRACE_MAX) < 0 ? Duration.ofMillis(quarter.toMillis()) : GRACE_MAX;
        }
        return duration("--grace", grace, Duration.ZERO, Duration.ofMillis(most.toMillis()));
    }

    static Duration duration(String name, String value, Duration least, Duration most) {
        try {
            return Settings.duration(name, value, least, most);
        } catch (CommandException e) {
            throw failed(e);
        }
    }

    String signal() {
        String upper = signal.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (!SIGNALS.contains(name)) {
            throw wrong("--signal is " + signal + "; give TERM, INT, HUP, QUIT, USR1, USR2 or KILL");
        }
        return name;
    }

    @Nullable
    String statusFile() {
        if (statusFile == null) {
            return null;
        }
        if (statusFile.length() > 1000 || statusFile.chars().anyMatch(Character::isISOControl)) {
            throw wrong("--status-file has more than 1000 characters, or control characters");
        }
        Path directory = Path.of(statusFile).toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw wrong(
                    "--status-file is " + statusFile + "; there is no directory " + directory + " that can be written");
        }
        return statusFile;
    }

    /** What others see as the holder: this machine and the process that the user started. */
    static String sessionName(long pid) {
        String host = "unknown";
        try {
            host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            String known = System.getenv("HOSTNAME");
            host = known == null ? host : known;
        }
        return host + "/" + pid;
    }
}

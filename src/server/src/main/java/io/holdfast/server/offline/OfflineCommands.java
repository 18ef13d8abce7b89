package io.holdfast.server.offline;

import io.holdfast.server.replica.ExitCode;
import io.holdfast.zab.log.BackupRefusedException;
import io.holdfast.zab.log.DirectoryRefusedException;
import io.holdfast.zab.log.LogCorruptException;
import io.holdfast.zab.log.SnapshotDamagedException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Finds the command that the words of a call name, and says on one line why it did nothing. */
public final class OfflineCommands {

    private static final Set<String> NAMES = Set.of("backup", "verify", "restore", "recover", "delete");

    private final LongSupplier clock;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    /**
     * Makes them.
     *
     * @param clock the wall clock, in milliseconds
     * @param out gets what was done
     * @param err gets why nothing was done
     * @param environment of the process
     */
    public OfflineCommands(LongSupplier clock, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.clock = clock;
        this.out = out;
        this.err = err;
        this.environment = Map.copyOf(environment);
    }

    /** Returns whether the words name a command; if not, they are for a node. */
    public static boolean isNamed(String... words) {
        return words.length > 0 && NAMES.contains(words[0]);
    }

    /** Runs a command to its end; on the calling thread. */
    public ExitCode run(String... words) {
        List<String> rest = Arrays.asList(words).subList(1, words.length);
        Report report = Report.of(Arrays.asList(words), out, err);
        PrintStream people = report.isAsked() ? err : out;
        try {
            switch (words[0]) {
                case "backup" -> new Fetch(people, report).run(rest);
                case "verify" -> new Restore(clock, people, report).verify(rest);
                case "restore" -> new Restore(clock, people, report).run(rest, environment);
                case "recover" -> new Recover(clock, people, report).run(rest);
                case "delete" -> new Delete(people, report).run(rest);
                default -> throw new IllegalArgumentException("no command is named " + words[0]);
            }
            return ExitCode.DONE;
        } catch (CommandException e) {
            return ended(report, e.code(), e);
        } catch (BackupRefusedException e) {
            return ended(report, ExitCode.BACKUP_REFUSED, e);
        } catch (DirectoryRefusedException e) {
            return ended(report, ExitCode.DIRECTORY_REFUSED, e);
        } catch (LogCorruptException | SnapshotDamagedException e) {
            return ended(report, ExitCode.LOG_CORRUPT, e);
        } catch (IOException e) {
            return ended(report, ExitCode.COMMAND_FAILED, e);
        }
    }

    private ExitCode ended(Report report, ExitCode code, Exception e) {
        String words = e.getMessage() == null ? e.toString() : e.getMessage();
        String message = words.endsWith(".") ? words : words + ".";
        err.println("holdfast: " + message);
        if (report.isAsked()) {
            report.failed(code, message);
        }
        return code;
    }
}

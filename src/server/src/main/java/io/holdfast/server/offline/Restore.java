package io.holdfast.server.offline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.server.config.HostPort;
import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.log.BackupFile;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.OfflineDirectory;
import io.holdfast.zab.log.StoredSnapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code restore}: an empty directory becomes that of the only voter of a new generation, with a backup's state. */
final class Restore {

    /** Clocks of two machines differ; more than this is a clock that is wrong. */
    private static final long CLOCK_SLACK_MILLIS = 60_000;

    private final LongSupplier clock;
    private static final String FROM = "--from";
    private static final String IF_EMPTY = "--if-empty";

    /** Leaves no rule and no access key: administrators are those of the settings. */
    private static final String RESET_ACL = "--reset-acl";

    /** With this setting a node gets its state from the others. */
    private static final String JOIN = "HOLDFAST_JOIN";

    /** With this one, too: a restored directory would be of yet another generation, and serve no clients. */
    private static final String GENERATION = "HOLDFAST_GENERATION";

    private final PrintStream out;
    private final Report report;

    Restore(LongSupplier clock, PrintStream out, Report report) {
        this.clock = clock;
        this.out = out;
        this.report = report;
    }

    void run(List<String> words, Map<String, String> environment) throws CommandException, IOException {
        Arguments given = new Arguments(
                "restore",
                words,
                Kept.options("--data", "--node", "--address", FROM, Report.OPTION),
                Set.of(IF_EMPTY, RESET_ACL));
        String file = given.fileOr(FROM, "the file of a backup");
        String data = given.required("--data", "an empty directory");
        ServerId node = node(given);
        Member voter = voter(given, node);
        String reason = given.has(IF_EMPTY) ? nothingToDo(data, environment) : null;
        if (reason != null) {
            out.println(reason + ". Nothing was done.");
            tell(Report.outcome("unchanged")
                    .put("node", node.value())
                    .put("data", data)
                    .put("message", reason));
            return;
        }
        try (Kept kept = Kept.at(given, file)) {
            BackupFile backup = kept.backup();
            LockStateMachine state = state(backup);
            if (given.has(RESET_ACL)) {
                state.table().resetAcl();
            }
            long now = clock.getAsLong();
            requireClock(backup, now);
            StoredSnapshot stored = backup.snapshot();
            String content = Founding.words(state.table());
            NewGeneration next = NewGeneration.after(
                    new NewGeneration.Past(
                            stored.configuration().generation(),
                            stored.at().zxid().epoch(),
                            state.table().lastToken()),
                    now);
            LogIdentity identity = new LogIdentity(backup.clusterId(), node);
            Founding founding = new Founding(stored.configuration(), stored.at(), state, next);
            try (OfflineDirectory directory = empty(data)) {
                founding.write(directory, identity, voter);
            }
            out.println("Restored ensemble '" + backup.clusterId() + "' in " + data + ": " + described(backup));
            out.println("  " + content);
            founding.report(out, identity, voter, data);
            ObjectNode line = Report.outcome("completed")
                    .put("location", file)
                    .put("clusterId", backup.clusterId())
                    .put("generation", next.generation())
                    .put("revision", next.at().toString())
                    .put("node", node.value());
            line.putObject("from")
                    .put("generation", stored.configuration().generation())
                    .put("revision", stored.at().zxid().toString());
            tell(line);
        }
    }

    private void tell(ObjectNode line) throws CommandException {
        if (report.isAsked()) {
            report.done(line);
        }
    }

    /** Says why a directory is not to be restored into before a start of its node; null when it is. */
    private static @Nullable String nothingToDo(String data, Map<String, String> environment) throws IOException {
        if (!environment.getOrDefault(JOIN, "").isBlank()) {
            return "The node joins an ensemble that runs (" + JOIN + ")";
        }
        if (!environment.getOrDefault(GENERATION, "").isBlank()) {
            return "The node is for an ensemble that exists already (" + GENERATION + ")";
        }
        if (!FileDisk.exists(data)) {
            return null;
        }
        try (OfflineDirectory directory = OfflineDirectory.open(FileDisk.at(data), LogConfig.DEFAULTS)) {
            return directory.hasLog() ? "The directory " + data + " has a log already" : null;
        }
    }

    /** {@code verify}: says what is in a backup, if it is whole. */
    void verify(List<String> words) throws CommandException, IOException {
        Arguments given = new Arguments("verify", words, Kept.options(FROM));
        try (Kept kept = Kept.at(given, given.fileOr(FROM, "the file of a backup"))) {
            BackupFile backup = kept.backup();
            LockStateMachine state = state(backup);
            out.println("Ensemble '" + backup.clusterId() + "', " + described(backup));
            out.println("  " + Founding.words(state.table()));
            out.println("  generation " + backup.snapshot().configuration().generation());
            for (Member member : backup.snapshot().configuration().members()) {
                String role = member.role() == MemberRole.VOTER ? "voter" : "observer";
                out.println("  node " + member.id() + " at " + member.address() + ", " + role);
            }
        }
    }

    private static String described(BackupFile backup) {
        return "revision " + backup.snapshot().at().zxid() + ", backed up at "
                + Instant.ofEpochMilli(backup.madeAtMillis()) + " by node " + backup.madeBy();
    }

    private static LockStateMachine state(BackupFile backup) throws IOException {
        try (InputStream in = new BufferedInputStream(backup.state())) {
            LockStateMachine state = LockStateMachine.FACTORY.read(in);
            if (in.read() >= 0 || state.digest() != backup.snapshot().stateDigest()) {
                throw new IOException("The backup is whole, but this release reads another state from it than its node"
                        + " had. Restore it with the release that wrote it.");
            }
            return state;
        }
    }

    /** The numbers of a new generation follow the clock, so a clock that went back could give numbers again. */
    private static void requireClock(BackupFile backup, long now) throws CommandException {
        if (now < backup.madeAtMillis() - CLOCK_SLACK_MILLIS) {
            throw CommandException.failed("The clock of this machine says " + Instant.ofEpochMilli(now)
                    + ", but the backup was made at " + Instant.ofEpochMilli(backup.madeAtMillis())
                    + ". Nothing was written: tokens go on from the clock. Set the clock and run the command again.");
        }
    }

    private static OfflineDirectory empty(String data) throws CommandException, IOException {
        OfflineDirectory directory = OfflineDirectory.open(FileDisk.at(data), LogConfig.DEFAULTS);
        if (!directory.isEmpty() && !directory.isUnfinished()) {
            directory.close();
            throw new CommandException(
                    io.holdfast.server.replica.ExitCode.DIRECTORY_REFUSED,
                    "The directory " + data + " is not empty. Nothing was written: give --data an empty or a new one.");
        }
        return directory;
    }

    private static ServerId node(Arguments given) throws CommandException {
        String id = given.required("--node", "the number of the node, 1 to 65535");
        try {
            return new ServerId(Integer.parseInt(id));
        } catch (IllegalArgumentException e) {
            throw given.bad("has --node " + id + ", which is no number from 1 to 65535");
        }
    }

    private static Member voter(Arguments given, ServerId node) throws CommandException {
        String address = given.required("--address", "host:port of the node's peer port");
        try {
            HostPort at = HostPort.of(address);
            return new Member(node, MemberRole.VOTER, at.host(), at.port());
        } catch (IllegalArgumentException e) {
            throw given.bad("has --address " + address + ", which " + e.getMessage());
        }
    }
}

package io.holdfast.server.offline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.server.replica.ExitCode;
import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.OfflineDirectory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * {@code recover}: when a quorum is lost for ever, the directory of one node that is left becomes that of the only
 * voter of a new generation. In two steps: the first changes nothing and says what may be lost, the second wants the
 * code that the first gave for exactly this content.
 */
final class Recover {

    private final LongSupplier clock;
    private final PrintStream out;

    private final Report report;

    Recover(LongSupplier clock, PrintStream out, Report report) {
        this.clock = clock;
        this.out = out;
        this.report = report;
    }

    /** What a directory amounts to when everything in its log counts. */
    private record Remains(
            OfflineDirectory.Contents contents, Configuration configuration, Position end, LockStateMachine state) {

        Member self() {
            return configuration.member(contents.identity().server());
        }

        /** Another content has another code, so what was confirmed is what was shown. */
        String code() {
            Recovered recovered = contents.recovered();
            String all = contents.identity() + " " + recovered.diskId() + " " + configuration + " " + end + " "
                    + recovered.acceptedEpoch() + " " + state.digest();
            CRC32C crc = new CRC32C();
            crc.update(all.getBytes(StandardCharsets.UTF_8));
            return String.format("%04x-%04x", crc.getValue() >>> 16, crc.getValue() & 0xFFFF);
        }
    }

    void run(List<String> words) throws CommandException, IOException {
        Arguments given = new Arguments("recover", words, Set.of("--data", "--confirm", Report.OPTION));
        given.noFile();
        String data = given.required("--data", "the data directory of a node that was stopped");
        String confirmed = given.option("--confirm");
        if (!FileDisk.exists(data)) {
            throw CommandException.failed("There is no directory " + data + ".");
        }
        FileDisk disk = FileDisk.at(data);
        try (OfflineDirectory directory = OfflineDirectory.open(disk, LogConfig.DEFAULTS)) {
            Remains remains = read(directory, data);
            if (confirmed == null) {
                show(remains, data);
                tell(Report.outcome("examined")
                        .put("node", remains.self().id().value())
                        .put("generation", remains.configuration().generation())
                        .put("epoch", remains.contents().recovered().currentEpoch())
                        .put("lastLogged", remains.end().zxid().toString())
                        .put("code", remains.code()));
            } else if (!confirmed.equals(remains.code())) {
                throw new CommandException(
                        ExitCode.BAD_CONFIGURATION,
                        "The code " + confirmed + " is not that of what is in " + data + " now. Nothing was changed:"
                                + " run it without --confirm, read what it says, and take the code from there.");
            } else {
                begin(disk, directory, remains, data);
            }
        }
    }

    private void tell(ObjectNode line) throws CommandException {
        if (report.isAsked()) {
            report.done(line);
        }
    }

    private static Remains read(OfflineDirectory directory, String data) throws CommandException, IOException {
        OfflineDirectory.Contents contents = directory.read();
        Recovered recovered = contents.recovered();
        LockStateMachine state = LockStateMachine.FACTORY.empty(Configuration.FIRST_LEVEL);
        if (!recovered.snapshot().zxid().equals(Zxid.ZERO)) {
            try (InputStream in = new BufferedInputStream(
                    contents.snapshots().open(recovered.snapshot().zxid()))) {
                state = LockStateMachine.FACTORY.read(in);
            }
        }
        Configuration configuration = recovered.configuration();
        Position end = recovered.snapshot();
        for (Txn txn : recovered.txns()) {
            Configuration logged = txn.type() == TxnType.CONFIGURATION ? ConfigurationCodec.of(txn.payload()) : null;
            if (logged != null) {
                configuration = logged.version() > configuration.version() ? logged : configuration;
            }
            if (txn.zxid().isAfter(recovered.snapshot().zxid())) {
                end = new Position(txn.zxid(), txn.chainHash());
                if (txn.type() == TxnType.COMMAND) {
                    state.apply(txn.zxid(), txn.payload());
                } else if (logged != null) {
                    state.reconfigured(txn.zxid(), logged.level());
                }
            }
        }
        if (!configuration.contains(contents.identity().server())) {
            throw CommandException.failed(
                    "Server " + contents.identity().server() + " was removed from the ensemble, so" + " " + data
                            + " is not what to go on with. Use the directory of a member.");
        }
        if (end.zxid().equals(Zxid.ZERO)) {
            throw CommandException.failed("Nothing was ever committed in " + data
                    + ", so there is nothing to recover. Start the nodes with empty directories instead.");
        }
        return new Remains(contents, configuration, end, state);
    }

    private void show(Remains remains, String data) {
        Configuration configuration = remains.configuration();
        Recovered recovered = remains.contents().recovered();
        Zxid known = recovered.snapshot().zxid();
        long tail = recovered.txns().stream()
                .filter(txn -> txn.zxid().isAfter(known))
                .count();
        out.println(data + " is of node " + remains.contents().identity().server() + " of ensemble '"
                + remains.contents().identity().clusterId() + "', generation " + configuration.generation());
        for (Member member : configuration.members()) {
            String role = member.role() == MemberRole.VOTER ? "voter" : "observer";
            String self = member.id().equals(remains.self().id()) ? "  <- this one" : "";
            out.println("  node " + member.id() + " at " + member.address() + ", " + role + self);
        }
        out.println("  last logged " + remains.end().zxid() + ", epoch " + recovered.currentEpoch() + ", promised "
                + recovered.acceptedEpoch());
        out.println("  committed for certain up to " + known + "; the " + tail
                + " transactions after it may have been committed, and are kept");
        out.println("  " + Founding.words(remains.state().table()));
        remains.contents().notes().forEach(note -> out.println("  a start would say: " + note));
        out.println();
        out.println("WHAT MAY BE LOST: everything that a quorum without this node acknowledged after "
                + remains.end().zxid() + ".");
        out.println("Look at every directory that is left with this command. Go on with the one of the highest epoch;");
        out.println("among those of one epoch, with the one whose last logged is highest.");
        out.println("DO NOT GO ON while a majority of the voters can be started again: nothing would be lost then.");
        out.println("Stop all other nodes of this ensemble first. They have no part in it afterwards; each is added");
        out.println("again with an empty data directory. To make this node the only voter of a new generation:");
        out.println();
        out.println("  ./holdfast recover --data " + data + " --confirm " + remains.code());
    }

    private void begin(FileDisk disk, OfflineDirectory directory, Remains remains, String data)
            throws CommandException, IOException {
        Configuration before = remains.configuration();
        Recovered recovered = remains.contents().recovered();
        long epoch = Math.max(recovered.acceptedEpoch(), remains.end().zxid().epoch());
        NewGeneration next = NewGeneration.after(
                new NewGeneration.Past(
                        before.generation(), epoch, remains.state().table().lastToken()),
                clock.getAsLong());
        String aside = "before-generation-" + next.generation();
        disk.keepAside(aside);
        Member self = remains.self();
        Member voter = new Member(self.id(), MemberRole.VOTER, self.host(), self.port());
        Founding founding = new Founding(before, remains.end(), remains.state(), next);
        founding.write(directory, remains.contents().identity(), voter);
        out.println("Recovered ensemble '" + remains.contents().identity().clusterId() + "' in " + data + " up to "
                + remains.end().zxid() + ".");
        out.println("  the files of before are in " + data + "/" + aside + "; delete them when all is well");
        founding.report(out, remains.contents().identity(), voter, data);
        tell(Report.outcome("recovered").put("node", self.id().value()).put("generation", next.generation()));
    }
}

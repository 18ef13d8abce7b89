package io.holdfast.server.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.OfflineDirectory;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.WriteAheadLog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do with backups and with what a lost quorum left. */
class OfflineCommandsTest {

    private static final long NOW = Copy.MADE_AT + 60_000;
    private static final Pattern CODE = Pattern.compile("--confirm ([0-9a-f]{4}-[0-9a-f]{4})");

    @TempDir
    Path temp;

    private Copy copy;
    private Path file;
    private Path data;

    @BeforeEach
    void backUp() throws IOException {
        copy = new Copy(temp.resolve("node-2"));
        file = copy.backup(temp.resolve("orders.backup"));
        data = temp.resolve("restored");
    }

    private String restore(int code, long now, Path from, Path into) {
        return copy.run(code, now, "restore", from, "--data", into, "--node", 7, "--address", "localhost:7301");
    }

    /** What a node would start from. */
    private record Start(Recovered recovered, LockStateMachine state) {}

    private static Start start(Path directory) throws IOException {
        try (OfflineDirectory offline = OfflineDirectory.open(FileDisk.at(directory.toString()), LogConfig.DEFAULTS)) {
            OfflineDirectory.Contents contents = offline.read();
            Zxid at = contents.recovered().snapshot().zxid();
            try (var in = new BufferedInputStream(contents.snapshots().open(at))) {
                return new Start(contents.recovered(), LockStateMachine.FACTORY.read(in));
            }
        }
    }

    private void hasEverything(LockTable table) {
        LockTable before = copy.state.table();
        assertEquals(before.sessions("", 0, 10), table.sessions("", 0, 10));
        assertEquals(before.locks("", false, null, 100), table.locks("", false, null, 100));
        for (int i = 1; i <= Copy.GRANTS; i++) {
            assertEquals(before.grantsAt("lock/" + i), table.grantsAt("lock/" + i));
        }
    }

    @Test
    void aRestoredDirectoryHasEverythingOneVoterAndNumbersAboveAllBefore() throws IOException {
        String said = restore(0, NOW, file, data);
        assertTrue(said.contains("Node 7 at localhost:7301 is the only voter"), said);
        Start start = start(data);
        hasEverything(start.state().table());
        assertEquals(NOW, start.recovered().configuration().generation());
        assertEquals(5, start.recovered().configuration().version());
        Member voter = start.recovered().configuration().members().get(0);
        assertEquals(1, start.recovered().configuration().members().size());
        assertEquals(new ServerId(7), voter.id());
        assertEquals("localhost:7301", voter.address());
        assertTrue(start.state().table().lastToken() > copy.state.table().lastToken() + (1L << 40));
        assertTrue(start.recovered().snapshot().zxid().epoch() > 1_000_000);
        assertEquals(
                start.recovered().snapshot().zxid().packed(),
                start.state().table().revision());
    }

    @Test
    void twoRestoresOfOneBackupHaveDifferentGenerationsDisksAndHistories() throws IOException {
        restore(0, NOW, file, data);
        restore(0, NOW + 1_000, file, temp.resolve("again"));
        Start one = start(data);
        Start two = start(temp.resolve("again"));
        assertNotEquals(one.recovered().diskId(), two.recovered().diskId());
        assertTrue(two.recovered().configuration().generation()
                > one.recovered().configuration().generation());
        assertNotEquals(one.recovered().snapshot(), two.recovered().snapshot());
        assertTrue(two.state().table().lastToken() > one.state().table().lastToken() + 1_000_000);
    }

    @Test
    void verifySaysWhatIsInABackup() {
        String said = copy.run(0, NOW, "verify", file);
        assertTrue(said.contains("'orders', revision 7-11"), said);
        assertTrue(said.contains("1 sessions, 5 grants that hold, 5 that wait, last token 5"), said);
        assertTrue(said.contains("node 3 at 10.0.0.3:7101, voter"), said);
    }

    @Test
    void whatIsNoWholeBackupIsRefusedAndNothingIsWritten() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path bad = temp.resolve("bad");
        Files.write(bad, Arrays.copyOf(whole, whole.length - 1));
        assertTrue(restore(65, NOW, bad, data).contains("cut off"));
        whole[whole.length / 2] ^= 1;
        Files.write(bad, whole);
        assertTrue(restore(65, NOW, bad, data).contains("damaged"));
        Files.writeString(bad, "{\"status\":503}".repeat(10));
        assertTrue(restore(65, NOW, bad, data).contains("no backup"));
        assertTrue(restore(66, NOW, temp.resolve("none"), data).contains("there is no file"));
        assertFalse(Files.exists(data));
    }

    @Test
    void onlyAnEmptyDirectoryIsRestoredInto() throws IOException {
        Files.createDirectories(data.resolve("lost+found"));
        Files.writeString(data.resolve("notes.txt"), "mine");
        assertTrue(restore(73, NOW, file, data).contains("is not empty"));
        assertEquals("mine", Files.readString(data.resolve("notes.txt")));
        assertTrue(restore(73, NOW, file, copy.directory).contains("is not empty"));
        hasEverything(start(copy.directory).state().table());
        Files.delete(data.resolve("notes.txt"));
        restore(0, NOW, file, data);
        assertTrue(restore(73, NOW, file, data).contains("is not empty"), "not twice");
    }

    @Test
    void aClockThatWentBackIsRefusedSinceTokensGoOnFromIt() {
        String said = restore(66, Copy.MADE_AT - 120_000, file, data);
        assertTrue(said.contains("Set the clock"), said);
        assertFalse(Files.exists(data));
    }

    @Test
    void wrongWordsSayWhatIsRight() {
        assertTrue(copy.run(64, NOW, "restore", file).contains("wants --data"));
        assertTrue(copy.run(64, NOW, "restore", "--data", data).contains("wants the file"));
        assertTrue(copy.run(64, NOW, "restore", file, "--dta", data).contains("does not know --dta"));
        assertTrue(copy.run(64, NOW, "restore", file, "--data").contains("wants a value"));
        assertTrue(copy.run(64, NOW, "restore", file, file, "--data", data).contains("takes one file"));
        for (String node : new String[] {"0", "70000", "one"}) {
            assertTrue(copy.run(64, NOW, "restore", file, "--data", data, "--node", node, "--address", "a:1")
                    .contains("no number"));
        }
        for (String address : new String[] {"a", "a:", ":1", "a:0", "a:x"}) {
            assertTrue(copy.run(64, NOW, "restore", file, "--data", data, "--node", "1", "--address", address)
                    .contains("has --address " + address + ", which must "));
        }
        assertTrue(copy.run(64, NOW, "recover", "--data", data, file).contains("does not take"));
        assertTrue(copy.run(66, NOW, "recover", "--data", data).contains("There is no directory"));
        assertFalse(Files.exists(data), "looking for a directory does not make it");
    }

    @Test
    void recoveryShowsWhatItHasAndChangesNothingWithoutTheCode() throws IOException {
        String said = copy.run(0, NOW, "recover", "--data", copy.directory);
        assertTrue(said.contains("node 2 at 10.0.0.2:7101, voter  <- this one"), said);
        assertTrue(said.contains("last logged 7-11"), said);
        assertTrue(said.contains("WHAT MAY BE LOST"), said);
        assertEquals(code(said), code(copy.run(0, NOW + 5_000, "recover", "--data", copy.directory)));
        assertTrue(copy.run(64, NOW, "recover", "--data", copy.directory, "--confirm", "0000-0000")
                .contains("Nothing was changed"));
        Start start = start(copy.directory);
        assertEquals(Copy.THREE, start.recovered().configuration());
    }

    @Test
    void recoveryMakesTheNodeTheOnlyVoterAndKeepsTheOldFiles() throws IOException {
        logOneMore();
        String code = code(copy.run(0, NOW, "recover", "--data", copy.directory));
        String said = copy.run(0, NOW, "recover", "--data", copy.directory, "--confirm", code);
        assertTrue(said.contains("up to 7-12"), said);
        Path aside = copy.directory.resolve("before-generation-" + NOW);
        assertTrue(said.contains(aside.toString()), said);
        Start start = start(copy.directory);
        assertEquals(NOW, start.recovered().configuration().generation());
        assertEquals(
                "10.0.0.2:7101",
                start.recovered().configuration().members().get(0).address());
        assertEquals(1, start.recovered().configuration().members().size());
        assertEquals(2, start.state().table().sessionCount(), "what was logged last counts");
        assertTrue(start.state().table().lastToken() > 1L << 40);
        assertEquals(Copy.THREE, start(aside).recovered().configuration(), "what was there before can be read");
        assertTrue(copy.run(64, NOW, "recover", "--data", copy.directory, "--confirm", code)
                .contains("not that of what is in"));
    }

    @Test
    void aDirectoryInUseOrWithoutALogIsNotRecovered() throws IOException {
        try (var used = OfflineDirectory.open(FileDisk.at(copy.directory.toString()), LogConfig.DEFAULTS)) {
            assertFalse(used.isEmpty());
            assertTrue(copy.run(73, NOW, "recover", "--data", copy.directory).contains("in use"));
        }
        Files.createDirectories(data);
        assertTrue(copy.run(73, NOW, "recover", "--data", data).contains("holds no log"));
    }

    @Test
    void aDamagedLogIsNotRecovered() throws IOException {
        logOneMore();
        try (var files = Files.list(copy.directory)) {
            for (Path each : files.filter(f -> f.getFileName().toString().startsWith("snapshot-"))
                    .toList()) {
                Files.delete(each);
            }
        }
        assertTrue(copy.run(74, NOW, "recover", "--data", copy.directory).contains("No snapshot is whole"));
    }

    private static String code(String said) {
        var matcher = CODE.matcher(said);
        assertTrue(matcher.find(), said);
        return matcher.group(1);
    }

    /** The node logs a transaction of which nobody knows whether it was committed. */
    private void logOneMore() throws IOException {
        try (FileDisk disk = FileDisk.at(copy.directory.toString())) {
            Opened opened = WriteAheadLog.open(disk, LogConfig.DEFAULTS, Copy.NODE_TWO, Copy.THREE, new DiskId(8, 8));
            var last = opened.recovered().snapshot();
            var open = new Command.OpenSession("more", 10_000, "more", "{}", 0, 0);
            opened.log()
                    .append(new LogRecord.Append(Txn.after(
                            last.zxid(),
                            last.chainHash(),
                            last.zxid().next(),
                            TxnType.COMMAND,
                            new Origin(new ServerId(2), 1),
                            Payload.of(CommandCodec.encode(open, Copy.LEVEL)))));
            opened.log().close();
        }
    }
}

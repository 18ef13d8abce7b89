package io.holdfast.server.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.BackupSource;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.Genesis;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.OfflineDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An ensemble's state in a directory and in a backup, and the commands that are run on them. */
public final class Copy {

    /** When the backup was made. */
    public static final long MADE_AT = 1_795_000_000_000L;

    static final LogIdentity NODE_TWO = new LogIdentity("orders", new ServerId(2));
    static final int GRANTS = 5;
    static final int LEVEL = Configuration.FIRST_LEVEL;
    static final Configuration THREE = new Configuration(4, List.of(member(1), member(2), member(3)));

    public final LockStateMachine state = LockStateMachine.FACTORY.empty(LEVEL);
    public final Path directory;

    /** In which commands run. */
    final Map<String, String> environment = new HashMap<>();

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Position at = new Position(new Zxid(7, 1 + 2 * GRANTS), 99);

    /** Writes a directory of node 2, with a session and some grants in it. */
    public Copy(Path directory) throws IOException {
        this.directory = directory;
        long counter = 1;
        Command open = new Command.OpenSession("key", 10_000, "billing", "{}", 0, 0);
        state.apply(new Zxid(7, counter), Payload.of(CommandCodec.encode(open, LEVEL)));
        long session = new Zxid(7, counter).packed();
        for (int i = 1; i <= GRANTS; i++) {
            acquire(++counter, session, "holds-" + i, "lock/" + i);
            acquire(++counter, session, "waits-" + i, "lock/" + i);
        }
        try (OfflineDirectory offline = OfflineDirectory.open(FileDisk.at(directory.toString()), LogConfig.DEFAULTS)) {
            offline.begin(new Genesis(NODE_TWO, new DiskId(1, 2), THREE, at), 0, state.digest(), state::writeSnapshot);
        }
    }

    private static Member member(int id) {
        return new Member(new ServerId(id), MemberRole.VOTER, "10.0.0." + id, 7101);
    }

    private void acquire(long counter, long session, String grant, String lock) {
        Command acquire = new Command.Acquire(grant, session, List.of(Claim.exclusive(lock)), 60_000, "{}", 0);
        state.apply(new Zxid(7, counter), Payload.of(CommandCodec.encode(acquire, LEVEL)));
    }

    /** Opens a backup of it. */
    public BackupSource backup() throws IOException {
        try (OfflineDirectory offline = OfflineDirectory.open(FileDisk.at(directory.toString()), LogConfig.DEFAULTS)) {
            return new BackupSource(offline.read().snapshots().source(at.zxid()), MADE_AT, new ServerId(2));
        }
    }

    /** Writes a backup of it. */
    Path backup(Path file) throws IOException {
        try (BackupSource source = backup();
                var out = Files.newOutputStream(file)) {
            for (byte[] piece = source.next(); piece.length > 0; piece = source.next()) {
                out.write(piece);
            }
        }
        return file;
    }

    /** Runs a command at that time, compares its exit code, and returns what it said. */
    String run(int code, long now, Object... words) {
        String[] texts = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            texts[i] = words[i].toString();
        }
        said.reset();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int ended = new OfflineCommands(() -> now, stream, stream, environment)
                .run(texts)
                .code();
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(code, ended, () -> String.join(" ", texts) + "\n" + text);
        return text;
    }
}

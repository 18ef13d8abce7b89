package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.lock.acl.AccessKey;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.AclPart;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GoldenBytesTest {

    private static final List<Claim> SET =
            List.of(Claim.shared("a"), Claim.semaphore("a/b", 3, 10), Claim.exclusive("b"));

    private static final Policy POLICY = new Policy(
            "billing",
            List.of(
                    Rule.of(List.of("acquire", "break"), "k8s/${k8s.namespace}/"),
                    Rule.of(List.of("admin"), null),
                    Rule.of(List.of("read"), "")));

    private static final Binding BINDING = new Binding("billing", "billing", List.of("k8s:prod:*", "group:corp:dev"));

    private static final Limit LIMIT = new Limit("dev", List.of("k8s:dev:*"), 50, Limit.NONE, 20, 200);

    private static final AccessKey KEY = new AccessKey("k7", "ops", "0f".repeat(32), 29, 1_000_029);

    private static final AclDocument RULES =
            new AclDocument(AclMode.OBSERVE, Observers.ALL, List.of(POLICY), List.of(BINDING), List.of(LIMIT));

    /** Each kind once at least, with nothing that level 1 does not know. */
    private static final List<Command> FIRST = List.of(
            new Command.OpenSession("k", 15_000, "billing", "{\"a\":1}", 60_000, 1),
            new Command.CloseSession(3L << 32 | 1, 2),
            new Command.ExpireSessions(List.of(7L, 8L), 3),
            new Command.Acquire("g", 77, SET, 300_000, "{}", 4),
            new Command.AcquireAlone("h", SET, 60_000, 10_000, "cron", "{}", 5),
            new Command.Release("g", 17, 6),
            new Command.ExpireWaits(List.of(new Ticket("g", 1), new Ticket("h", 2)), 7),
            new Command.ChangeMode("g", 7, Mode.SHARED, 8),
            new Command.Transfer("g", 7, "h", 30_000, 9),
            new Command.Break("a/b", "g", 7, "10.0.0.1", "stuck", 10_000, 10),
            new Command.ExpireDelays(List.of(new LockDelay("a/b", 5)), 11),
            new Command.ExpireYields(List.of(new Ticket("g", 1)), 12),
            new Command.ExpireBreaks(List.of(new Ticket("g", 1)), 13));

    /** What level 3 has beside that. */
    private static final List<Command> THIRD = List.of(
            new Command.Acquire("g", 77, "caf~C3~A9/~7E", Mode.EXCLUSIVE, 0, "", 14),
            new Command.Release("g", 17, "h", 0, 15),
            new Command.CloseSession(3L << 32 | 1, "10.0.0.1", 16),
            new Command.ChangeLimit("a/b", 12, 17),
            new Command.Attach(3L << 32 | 1, "pod-7", 18),
            new Command.SetStateBytes(1L << 30, 19),
            new Command.ContinueEndings(20),
            new Command.Release("g", 17, "", 30_000, 21),
            new Command.CloseSession(3L << 32 | 1, "10.0.0.1", true, 22),
            new ChangeAcl(0, new AclChange.Replace(RULES), 23),
            new ChangeAcl(7, new AclChange.SetMode(AclMode.ENFORCE), 24),
            new ChangeAcl(7, new AclChange.PutPolicy(POLICY), 25),
            new ChangeAcl(7, new AclChange.PutBinding(BINDING), 26),
            new ChangeAcl(7, new AclChange.PutLimit(LIMIT), 27),
            new ChangeAcl(7, new AclChange.Delete(AclPart.BINDINGS, "billing"), 28),
            new ChangeAcl(7, new AclChange.CreateKey(KEY), 29),
            new ChangeAcl(7, new AclChange.DeleteKey("k7"), 30),
            new Judged(7, new Command.Acquire("g", 77, SET, 300_000, "{}", 31)),
            new Judged(7, new Command.CloseSession(3L << 32 | 1, "10.0.0.1", 32)),
            new OnBehalf("key:ops", new Command.Release("g", 17, 33)),
            new Judged(7, new OnBehalf("key:ops", new Command.OpenSession("k", 15_000, "billing", "", 0, 34))));

    private static Map<String, byte[]> commands(int level) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        List<Command> all = level < 3 ? FIRST : concat(FIRST, THIRD);
        for (Command command : all) {
            bytes.put(
                    command.atMillis() + "-" + command.getClass().getSimpleName(), CommandCodec.encode(command, level));
        }
        return bytes;
    }

    private static List<Command> concat(List<Command> one, List<Command> other) {
        return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
    }

    @Test
    void everyKindOfCommandIsHere() {
        TreeSet<String> kinds = new TreeSet<>();
        concat(FIRST, THIRD).forEach(command -> kinds.add(command.getClass().getSimpleName()));
        TreeSet<String> all = new TreeSet<>();
        for (Class<?> kind : List.of(Command.class, Command.ByLeader.class)) {
            Arrays.stream(kind.getPermittedSubclasses()).forEach(each -> all.add(each.getSimpleName()));
        }
        all.remove(Command.ByLeader.class.getSimpleName());
        assertEquals(all, kinds);
        FIRST.forEach(command -> assertNull(Rules.at(1).refusal(command)));
        THIRD.forEach(command -> assertNotNull(Rules.at(2).refusal(command), () -> command + " at level 2"));
        THIRD.forEach(command -> assertNull(Rules.at(3).refusal(command)));
    }

    @Test
    void commandsAreWrittenAsEver() throws IOException {
        for (int level = Rules.FIRST_LEVEL; level <= Rules.NEWEST_LEVEL; level++) {
            Golden.check("commands-level-" + level + ".txt", commands(level));
        }
    }

    private static Command acquire(String grant, long session) {
        return new Command.Acquire(grant, session, "owned", Mode.EXCLUSIVE, 0, "", 8);
    }

    @Test
    void snapshotsAreWrittenAsEver() throws IOException {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        for (int level = Rules.FIRST_LEVEL; level <= Rules.NEWEST_LEVEL; level++) {
            LockTable table = new LockTable(level);
            long revision = 0;
            table.apply(++revision, new Command.OpenSession("k", 15_000, "billing", "{}", 60_000, 1));
            table.apply(++revision, new Command.OpenSession("dies", 15_000, "", "", 30_000, 1));
            table.apply(++revision, new Command.Acquire("g", 1, "a", Mode.EXCLUSIVE, 0, "{}", 2));
            table.apply(++revision, new Command.Acquire("waits", 2, "a", Mode.EXCLUSIVE, 5_000, "", 2));
            table.apply(++revision, new Command.AcquireAlone("set", SET.subList(1, 3), 9_000, 0, "cron", "", 3));
            table.apply(++revision, new Command.Acquire("closed", 2, "c", Mode.SHARED, 0, "", 3));
            table.apply(++revision, new Command.Transfer("g", 0, "waits", 30_000, 4));
            table.apply(++revision, new Command.Break("a", "g", 0, "me", "why", 10_000, 5));
            table.apply(++revision, new Command.Acquire("refused", 1, "b", Mode.EXCLUSIVE, 0, "", 6));
            table.apply(++revision, new Command.ExpireSessions(List.of(2L), 7));
            if (level >= 3) {
                table.apply(++revision, new Command.ChangeLimit("a/b", 12, 8));
                table.apply(++revision, new Command.Attach(1, "pod-6", 9));
                table.apply(++revision, new Command.Attach(1, "pod-7", 9));
                table.apply(++revision, new Command.SetStateBytes(1L << 30, 8));
                table.apply(++revision, new OnBehalf("key:ops", new Command.OpenSession("own", 9_000, "", "", 0, 8)));
                table.apply(++revision, new OnBehalf("key:ops", acquire("ended", revision)));
                table.apply(++revision, new OnBehalf("key:ops", new Command.Release("ended", 0, 8)));
                table.apply(++revision, new OnBehalf("key:ops", acquire("owned", revision - 3)));
                table.apply(++revision, new ChangeAcl(0, new AclChange.Replace(RULES), 8));
                table.apply(++revision, new ChangeAcl(revision - 1, new AclChange.CreateKey(KEY), 8));
            }
            bytes.put("level-" + level, TablePair.snapshot(table));
            LockTable read = LockTable.read(new ByteArrayInputStream(TablePair.snapshot(table)));
            assertEquals(table.digest(), read.digest());
            assertEquals(level < 3 ? 1 : level, read.rules().level());
        }
        Golden.check("snapshots.txt", bytes);
    }
}

package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random commands to the table and its naive twin; {@code -Dseed=} repeats one run, {@code -Dseeds=} makes more. */
class RandomCommandsTest {

    private static final long SEEDS = 100;
    private static final int STEPS = 400;
    private static final Quotas SMALL = new Quotas(6, 18, 5, 5, 12, 5, 1_000_000);

    private final TreeSet<String> seen = new TreeSet<>();

    @Test
    void theTableAndItsNaiveTwinAgreeAboutEverything() {
        Long one = Long.getLong("seed");
        LongStream seeds = one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", SEEDS));
        seeds.forEach(seed -> {
            try {
                run(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dtest=RandomCommandsTest -Dseed=" + seed, e);
            }
        });
        if (one == null && Long.getLong("seeds", SEEDS) >= SEEDS) {
            everyOutcomeWasSeen();
        }
    }

    /** A rule that no run ever meets would be compared with nothing. */
    private void everyOutcomeWasSeen() {
        TreeSet<String> outcomes = new TreeSet<>();
        for (Class<?> kind : Result.class.getPermittedSubclasses()) {
            outcomes.add(kind.getSimpleName());
        }
        List.of("Granted", "Waiting", "SessionOpened").forEach(kind -> outcomes.add(kind + " again"));
        List.of(Result.ModeRefused.Reason.values()).forEach(reason -> outcomes.add("mode " + reason));
        List.of(Result.LimitRefused.Hindrance.values()).forEach(hindrance -> outcomes.add("limit " + hindrance));
        List.of(Result.TransferRefused.Obstacle.values()).forEach(obstacle -> outcomes.add("obstacle " + obstacle));
        List.of(Quota.values()).forEach(quota -> outcomes.add("quota " + quota));
        List.of(Cause.values()).forEach(cause -> outcomes.add("cause " + cause));
        for (Change.Kind kind : Change.Kind.values()) {
            outcomes.add("change " + kind);
        }
        outcomes.addAll(List.of("kept for its session", "forgotten", "remembered for its age"));
        // These have tests of their own.
        List.of("Malformed", "StateBytesSet", "quota BYTES", "EndingsContinued").forEach(outcomes::remove);
        List.of("quota PRINCIPAL_SESSIONS", "quota PRINCIPAL_GRANTS").forEach(outcomes::remove);
        List.of("AclChanged", "AclRefused", "RulesReplaced").forEach(outcomes::remove);
        outcomes.removeAll(seen);
        assertEquals(Set.of(), outcomes, "never seen");
    }

    private void note(Applied applied) {
        Result result = applied.result();
        boolean again = (result instanceof Result.Granted granted && granted.again())
                || (result instanceof Result.Waiting waiting && waiting.again())
                || (result instanceof Result.SessionOpened opened && opened.again());
        seen.add(result.getClass().getSimpleName() + (again ? " again" : ""));
        if (result instanceof Result.QuotaExceeded exceeded) {
            seen.add("quota " + exceeded.quota());
        }
        if (result instanceof Result.ModeRefused refused) {
            seen.add("mode " + refused.reason());
        }
        if (result instanceof Result.LimitRefused refused) {
            seen.add("limit " + refused.hindrance());
        }
        if (result instanceof Result.TransferRefused refused) {
            seen.add("obstacle " + refused.obstacle());
        }
        if (result instanceof Result.GrantEnded ended) {
            seen.add("cause " + ended.cause());
        }
        for (Change change : applied.changes()) {
            seen.add("change " + change.kind());
            seen.add("cause " + change.cause());
        }
    }

    private void noteMemory(TablePair pair) {
        for (NaiveTable.GrantRow row : pair.model.grants) {
            if (row.kept) {
                seen.add("kept for its session");
            }
        }
        if (pair.forgot) {
            seen.add("forgotten");
        }
        long remembered = pair.model.grants.stream()
                .filter(g -> g.ended != null && !g.attempt && !g.kept)
                .count();
        if (remembered > pair.quotas.ended().grants() && pair.quotas.ended().millis() > 0) {
            seen.add("remembered for its age");
        }
    }

    private void run(long seed) {
        Random random = new Random(seed);
        // Some runs come to the end of the tokens.
        Quotas quotas = seed % 5 == 0 ? new Quotas(6, 18, 5, 3, 12, 5, 16) : SMALL;
        if (seed % 2 == 0) {
            quotas = quotas.with(new Quotas.Ended(6, 4, 3, 2, seed % 4 == 0 ? 20_000 : 0));
        }
        TablePair pair = new TablePair(quotas);
        LockTable neverRestored = new LockTable(quotas);
        Commands commands = new Commands(random, pair);
        long revision = 1L << 32;
        for (int step = 0; step < STEPS; step++) {
            // Epochs and gaps: other transactions take counters too.
            revision = random.nextInt(50) == 0 ? ((revision >>> 32) + 1) << 32 | 1 : revision + 1 + random.nextInt(3);
            Command command = commands.next();
            note(pair.apply(revision, command));
            noteMemory(pair);
            neverRestored.apply(revision, command);
            pair.compare();
            if (random.nextInt(10) == 0) {
                pair.restore();
                pair.compare();
            }
            assertEquals(neverRestored.digest(), pair.table.digest(), () -> "digest after " + command);
        }
        assertArrayEquals(TablePair.snapshot(neverRestored), TablePair.snapshot(pair.table));
    }

    /** Commands over few names, so that they meet; one in five is an old one again. */
    private static final class Commands {

        private static final int OLD = 30;

        private final Random random;
        private final TablePair pair;
        private final List<Command> old = new ArrayList<>();
        private int serial;
        private long now = 1_700_000_000_000L;

        Commands(Random random, TablePair pair) {
            this.random = random;
            this.pair = pair;
        }

        Command next() {
            if (!old.isEmpty() && random.nextInt(5) == 0) {
                return old.get(random.nextInt(old.size()));
            }
            Command command = fresh();
            if (!command.isLeaders() && random.nextInt(3) > 0) {
                command = new OnBehalf(
                        pick(OnBehalf.ANONYMOUS, OnBehalf.ANONYMOUS, OnBehalf.ANONYMOUS, "key:b"), command);
            }
            old.add(command);
            if (old.size() > OLD) {
                old.remove(random.nextInt(old.size()));
            }
            return command;
        }

        private Command fresh() {
            // Servers' clocks differ.
            now += random.nextInt(1000);
            long at = now - random.nextInt(3000);
            return switch (random.nextInt(30)) {
                case 0, 1 ->
                    new Command.OpenSession(
                            "key-" + serial(),
                            1000 + random.nextInt(3),
                            pick("", "a", "ab"),
                            metadata(),
                            random.nextInt(3) * 10,
                            at);
                case 2 ->
                    random.nextInt(3) == 0
                            ? new Command.ExpireSessions(List.of(session(), session()), at)
                            : new Command.CloseSession(session(), pick("", "admin"), random.nextInt(4) == 0, at);
                case 3, 4, 5, 6, 7, 8 ->
                    new Command.Acquire("g-" + serial(), session(), claims(), waitMillis(), metadata(), at);
                case 9 ->
                    new Command.AcquireAlone(
                            "g-" + serial(), claims(), 1000, waitMillis(), pick("cron", ""), metadata(), at);
                case 10, 11, 12 ->
                    new Command.Release(
                            grant(),
                            random.nextInt(4) == 0 ? token() : 0,
                            "",
                            random.nextInt(4) == 0 ? 10 + random.nextInt(30) : 0,
                            at);
                case 13 -> new Command.ExpireWaits(List.of(ticket(), ticket(), ticket()), at);
                case 14, 15, 27, 28 ->
                    new Command.ChangeMode(
                            grant(),
                            random.nextInt(4) == 0 ? token() : 0,
                            random.nextBoolean() ? Mode.SHARED : Mode.EXCLUSIVE,
                            at);
                case 16, 17 ->
                    new Command.Transfer(
                            grant(), random.nextInt(2) == 0 ? token() : 0, inLine(), 1 + random.nextInt(2), at);
                case 18 ->
                    new Command.Break(
                            lock(),
                            grant(),
                            random.nextInt(4) == 0 ? token() : 0,
                            "admin",
                            pick("stuck", "why"),
                            random.nextInt(3),
                            at);
                case 19, 20 -> new Command.ExpireDelays(List.of(delay(), delay()), at);
                case 21 -> new Command.ExpireYields(List.of(notice(true), notice(true)), at);
                case 23, 24 -> new Command.ChangeLimit(pick("s", "t", "a"), 1 + random.nextInt(4), at);
                case 25 -> new Command.Attach(session(), pick("p1", "p2", "p3"), at);
                case 26 -> new Command.Release(grant(), token(), inLine(), 0, at);
                case 22 -> new Command.ExpireBreaks(List.of(notice(false), notice(false)), at);
                default -> new Command.Release("g-" + serial(), 0, at);
            };
        }

        private List<Claim> claims() {
            TreeMap<String, Claim> claims = new TreeMap<>();
            int locks = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
            for (int i = 0; i < locks; i++) {
                Claim claim = claim();
                claims.put(claim.lock(), claim);
            }
            return List.copyOf(claims.values());
        }

        /** The last two are semaphores mostly, the others hardly ever. */
        private Claim claim() {
            String lock = pick("a", "a", "a/b", "z", "s", "t");
            boolean odd = random.nextInt(20) == 0;
            if (lock.compareTo("s") >= 0 && !lock.equals("z") ? !odd : odd) {
                int limit = random.nextInt(10) == 0 ? 2 : 3;
                return Claim.semaphore(lock, 1 + random.nextInt(limit), limit);
            }
            return random.nextInt(5) < 2 ? Claim.exclusive(lock) : Claim.shared(lock);
        }

        /** Mostly new, sometimes one used not long ago. */
        private int serial() {
            return random.nextInt(6) == 0 ? Math.max(0, serial - random.nextInt(12)) : serial++;
        }

        private long session() {
            List<NaiveTable.SessionRow> rows = pair.model.sessions;
            return rows.isEmpty() || random.nextInt(12) == 0
                    ? 1 + random.nextInt(5)
                    : rows.get(random.nextInt(rows.size())).id;
        }

        private String grant() {
            List<NaiveTable.GrantRow> rows = pair.model.grants;
            return rows.isEmpty() ? "nobody" : rows.get(random.nextInt(rows.size())).id;
        }

        private Ticket ticket() {
            List<NaiveTable.GrantRow> rows = pair.model.grants;
            if (rows.isEmpty()) {
                return new Ticket("nobody", 1);
            }
            NaiveTable.GrantRow row = rows.get(random.nextInt(rows.size()));
            return new Ticket(row.id, row.ticket == 0 || random.nextInt(4) == 0 ? 7 : row.ticket);
        }

        /** Mostly one that waits. */
        private String inLine() {
            List<NaiveTable.GrantRow> rows = pair.model.liveGrants().stream()
                    .filter(row -> row.token == 0)
                    .toList();
            return rows.isEmpty() || random.nextInt(6) == 0 ? grant() : rows.get(random.nextInt(rows.size())).id;
        }

        private String lock() {
            return pick("a", "a/b", "z", "s", "t");
        }

        private LockDelay delay() {
            List<NaiveTable.DelayRow> rows = pair.model.delays;
            if (rows.isEmpty() || random.nextInt(5) == 0) {
                return new LockDelay("a", 7);
            }
            NaiveTable.DelayRow row = rows.get(random.nextInt(rows.size()));
            return new LockDelay(row.lock(), row.number());
        }

        private Ticket notice(boolean yield) {
            List<Ticket> notices = new ArrayList<>();
            for (NaiveTable.GrantRow row : pair.model.liveGrants()) {
                if (yield && row.yield != null) {
                    notices.add(new Ticket(row.id, row.yield.number()));
                } else if (!yield && row.breaking != null) {
                    notices.add(new Ticket(row.id, row.breaking.number()));
                }
            }
            return notices.isEmpty() ? ticket() : notices.get(random.nextInt(notices.size()));
        }

        private long token() {
            return Math.max(1, pair.model.lastToken - random.nextInt(4));
        }

        private String metadata() {
            return pick("", "", "{\"reason\":\"Prüfung \uD83D\uDD12\"}");
        }

        private long waitMillis() {
            return random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(5);
        }

        private String pick(String... from) {
            return from[random.nextInt(from.length)];
        }
    }
}

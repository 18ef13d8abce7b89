package io.holdfast.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Says how much memory the table takes for each lock, session and waiter: run its main with {@code -Xmx2g
 * -XX:+UseSerialGC} on the class path of the tests. What is told is the heap in use after a collection.
 */
final class MemoryFigures {

    private static final int COUNT = 100_000;

    private MemoryFigures() {}

    public static void main(String[] args) {
        figure("lock held, exclusive", new Command.OpenSession("k", 15_000, "s", "", 0), MemoryFigures::exclusive);
        figure("lock held, semaphore", new Command.OpenSession("k", 15_000, "s", "", 0), MemoryFigures::semaphore);
        figure("lock held in sets of 10", new Command.OpenSession("k", 15_000, "s", "", 0), MemoryFigures::set);
        figure(
                "waiter of one lock with a session of its own",
                new Command.OpenSession("k", 15_000, "s", "", 0),
                MemoryFigures::waiter);
        figure("session", new Command.OpenSession("k", 15_000, "s", "", 0), MemoryFigures::session);
        ended();
        asking();
    }

    private static Command exclusive(int i) {
        return acquire("close-%08d".formatted(i), 0, Claim.exclusive("payments/settlement/%08d".formatted(i)));
    }

    private static Command semaphore(int i) {
        return acquire("close-%08d".formatted(i), 0, Claim.semaphore("payments/settlement/%08d".formatted(i), 2, 5));
    }

    private static Command set(int i) {
        List<Claim> claims = new ArrayList<>();
        for (int lock = 0; lock < 10; lock++) {
            claims.add(Claim.exclusive("payments/settlement/%08d".formatted(10 * i + lock)));
        }
        return new Command.Acquire("close-%08d".formatted(i), 1, i < COUNT / 10 ? claims : one(i), 0, "", 0);
    }

    private static List<Claim> one(int i) {
        return List.of(Claim.exclusive("payments/settlement/%08d".formatted(i % 10)));
    }

    private static Command waiter(int i) {
        return new Command.AcquireAlone(
                "close-%08d".formatted(i), "payments", Mode.EXCLUSIVE, 15_000, 60_000, "", "", 0);
    }

    private static Command session(int i) {
        return new Command.OpenSession("key-%08d".formatted(i), 15_000, "billing-%08d".formatted(i), "", 0);
    }

    private static Command acquire(String grant, long wait, Claim claim) {
        return new Command.Acquire(grant, 1, List.of(claim), wait, "", 0);
    }

    private static void figure(String what, Command first, IntFunction<Command> commands) {
        Quotas quotas = new Quotas(200_000, 400_000, 200_000, 200_000, 1, 1, Limits.TOKEN_MAX);
        LockTable table = new LockTable(quotas);
        table.apply(1, first);
        long before = used();
        for (int i = 0; i < COUNT; i++) {
            table.apply(2 + i, commands.apply(i));
        }
        long bytes = (used() - before) / COUNT;
        System.out.println(what + ": " + bytes + " bytes (" + table.heldCount() + " held, " + table.waiterCount()
                + " waiting, " + table.sessionCount() + " sessions)");
    }

    private static void ended() {
        // Without a bound in bytes.
        LockTable table = new LockTable(new Quotas(200_000, 400_000, 200_000, 200_000, 1 << 17, 1, Limits.TOKEN_MAX));
        table.apply(1, new Command.OpenSession("k", 15_000, "s", "", 0));
        long before = used();
        for (int i = 0; i < COUNT; i++) {
            table.apply(2 + 2L * i, exclusive(i));
            table.apply(3 + 2L * i, new Command.Release("close-%08d".formatted(i), 0, 0));
        }
        long bytes = (used() - before) / COUNT;
        System.out.println("ended grant that is remembered: " + bytes + " bytes, "
                + Quotas.FIRST.ended().grants() + " at most, the token is " + table.lastToken());
    }

    private static void asking() {
        LockTable table = new LockTable();
        table.apply(1, new Command.OpenSession("k", 15_000, "s", "", 0));
        for (int i = 0; i < COUNT - 2; i++) {
            table.apply(2 + i, exclusive(i));
        }
        long other = COUNT + 1;
        table.apply(other, new Command.OpenSession("other", 15_000, "s", "", 0));
        table.apply(other + 1, new Command.Acquire("held", other, List.of(Claim.exclusive("hot")), 0, "", 0));
        long start = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            table.apply(other + 2 + 2L * i, acquire("w" + i, 1000, Claim.exclusive("hot")));
            table.apply(other + 3 + 2L * i, new Command.Release("w" + i, 0, 0));
        }
        System.out.println(
                "ticket of a session that holds 100 000 locks: " + (System.nanoTime() - start) / 200 + " ns");
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

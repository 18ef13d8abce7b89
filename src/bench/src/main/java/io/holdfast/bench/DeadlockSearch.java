package io.holdfast.bench;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a ticket costs that waits among many others, the search for cycles of waits included: it is taken into the line
 * and given up again. Its bound is who waits, directly or not, for the session that asks; not who stands ahead.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DeadlockSearch {

    /** Waiters in all: of one lock, or one for each other lock. */
    @Param({"1000", "100000"})
    public int waiters;

    private final LockTable table = new LockTable();
    private long revision;
    private long asking;

    /**
     * One line with half of the waiters, the other half spread over locks, and a session of which 100 wait in a chain.
     */
    @Setup
    public void fill() {
        asking = open();
        take(asking, "own", 0);
        take(open(), "hot", 0);
        long behind = asking;
        for (int i = 0; i < waiters; i++) {
            long session = open();
            if (i < 100) {
                take(session, "chain-" + i, 0);
                take(session, i == 0 ? "own" : "chain-" + (i - 1), 60_000);
            } else if (i % 2 == 0) {
                take(session, "hot", 60_000);
            } else {
                take(behind, "spread-" + i, 0);
                take(session, "spread-" + i, 60_000);
            }
            behind = session;
        }
    }

    /** Behind half of all waiters, asked by a session that a chain of 100 waits for. */
    @Benchmark
    public Object aTicketInALongLine() {
        String grant = "asked-" + revision;
        table.apply(++revision, acquire(grant, asking, "hot", 60_000));
        return table.apply(++revision, new Command.Release(grant, 0, 0));
    }

    /** The ticket would close a cycle of 101 sessions, so it is refused. */
    @Benchmark
    public Object aTicketThatClosesALongCycle() {
        return table.apply(++revision, acquire("closing-" + revision, asking, "chain-99", 60_000));
    }

    private long open() {
        table.apply(++revision, new Command.OpenSession("k" + revision, 60_000, "", "", 0, 0));
        return revision;
    }

    private void take(long session, String lock, long waitMillis) {
        table.apply(++revision, acquire("g" + revision, session, lock, waitMillis));
    }

    private static Command acquire(String grant, long session, String lock, long waitMillis) {
        return new Command.Acquire(grant, session, List.of(Claim.exclusive(lock)), waitMillis, "", 0);
    }
}

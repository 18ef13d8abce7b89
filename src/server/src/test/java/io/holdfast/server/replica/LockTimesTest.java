package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockTimesTest {

    private final List<String> measured = new ArrayList<>();
    private final LockTimes times = new LockTimes(new LockMetrics() {
        @Override
        public void waited(long millis) {
            measured.add("waited " + millis);
        }

        @Override
        public void held(long millis) {
            measured.add("held " + millis);
        }

        @Override
        public void sessionsExpired(int count) {
            measured.add("sessions " + count);
        }

        @Override
        public void waitsExpired(int count) {
            measured.add("waits " + count);
        }
    });
    private final LockTable table = new LockTable();
    private long revision = 1;

    private Result apply(Command command) {
        var applied = table.apply(revision++, command);
        times.applied(0, applied);
        return applied.result();
    }

    private long open(String key) {
        var opened = (Result.SessionOpened) apply(new Command.OpenSession(key, 10_000, "", "", 0));
        return opened.session().id();
    }

    @Test
    void whatWaitsAndHoldsIsMeasuredByTheRecordOfItsTransactions() {
        long first = open("first");
        long second = open("second");
        apply(new Command.Acquire("a", first, "lock", Mode.EXCLUSIVE, 60_000, "", 1_000));
        apply(new Command.Acquire("b", second, "lock", Mode.EXCLUSIVE, 60_000, "", 3_000));
        apply(new Command.Release("a", 0, 8_000));
        apply(new Command.Release("b", 0, 8_500));
        assertEquals(List.of("held 7000", "waited 5000", "held 500"), measured);
    }

    @Test
    void whatExpiresIsCountedAndWhatBeganBeforeThisNodeLedIsNotMeasured() {
        long first = open("first");
        apply(new Command.Acquire("a", first, "lock", Mode.EXCLUSIVE, 60_000, "", 1_000));
        times.reset();
        apply(new Command.ExpireSessions(List.of(first), 9_000));
        assertEquals(List.of("sessions 1"), measured);
    }
}

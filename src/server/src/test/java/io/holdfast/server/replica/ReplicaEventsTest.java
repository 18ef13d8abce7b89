package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.server.history.History;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from a transaction must not stop a node: it would stop all of them. */
class ReplicaEventsTest {

    private final List<String> told = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final History history = new History(100, 1 << 20);
    private final ReplicaEvents events = new ReplicaEvents(
            new LeaseClock(new NoEnsemble(), () -> 0, () -> 0, 1_000_000),
            history,
            new Timeouts(1_000_000),
            10,
            () -> 0,
            failures::add);

    private static final class NoEnsemble implements LeaseClock.Ensemble {
        @Override
        public Future<Void> confirmLeadership() {
            return Future.succeededFuture();
        }

        @Override
        public boolean propose(long epoch, Payload payload) {
            return false;
        }
    }

    private final class Watcher implements SessionWatcher {
        private final boolean sound;

        private Watcher(boolean sound) {
            this.sound = sound;
        }

        @Override
        public void changed(long revision, Change change, GrantView holder) {
            if (!sound) {
                throw new IllegalStateException("a defect, thrown by a test");
            }
            told.add("changed");
        }

        @Override
        public void replaced() {
            told.add("replaced");
        }
    }

    private static RuntimeException defect() {
        return new IllegalStateException("a defect, thrown by a test");
    }

    private Applied open(long revision) {
        Command open = new Command.OpenSession("k" + revision, 10_000, "", "", 0);
        Applied applied = events.table().apply(revision, open);
        events.applied(Zxid.unpack(revision), null, applied);
        return applied;
    }

    @Test
    void aDefectInWhatFollowsFromATransactionConcernsNobodyElse() {
        long session = 1L << 32 | 1;
        events.sessionWatchers().add(session, new Watcher(false));
        events.sessionWatchers().add(session, new Watcher(true));
        events.onAppended(() -> {
            throw defect();
        });
        events.onAppended(() -> told.add("news"));
        events.revisionHolds().hold(session, Long.MAX_VALUE, () -> {
            throw defect();
        });
        open(session);

        assertEquals(List.of("replaced", "changed", "news"), told);
        assertEquals(3, events.incidents());
        assertEquals(session, history.upTo());
        assertTrue(failures.isEmpty());
        assertTrue(events.mayHold());
    }
}

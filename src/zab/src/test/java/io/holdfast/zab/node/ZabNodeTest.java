package io.holdfast.zab.node;

import static io.holdfast.zab.node.TestEnsemble.await;
import static io.holdfast.zab.node.TestEnsemble.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.LogFailedException;
import io.holdfast.zab.log.SnapshotSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes: core, log, links and state machine together. */
class ZabNodeTest {

    @TempDir
    Path directory;

    @Test
    void aNodeAloneAnswersWithTheResultOfItsStateMachine() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            assertEquals(5L, await(node.submit(Counter.add(5))));
            assertEquals(7L, await(node.submit(Counter.add(2))));
            assertEquals(7L, await(node.readLatest(Counter::sum)));
            await(node.readIndex());
            await(node.touch(Payload.of(new byte[3])));
            assertEquals(List.of("1 3"), List.copyOf(ensemble.heard(1).touches));
            assertEquals(0, node.pending());
            ensemble.nobodyFailed();
        }
    }

    @Test
    void whatWasAnsweredIsThereAfterARestartWithAndWithoutSnapshots() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ensemble.start(1);
            long sum = 0;
            for (int round = 1; round <= 4; round++) {
                ensemble.add(round, 150, 1);
                sum += 150L * round;
                if (round == 4) {
                    sum += addUntilASnapshotIsTaken(ensemble);
                }
                ensemble.nobodyFailed();
                ensemble.stop(1);
                ensemble.start(1);
                assertEquals(sum, await(ensemble.node(1).readLatest(Counter::sum)), "round " + round);
            }
            assertTrue(ensemble.heard(1).restored.element().isAfter(Zxid.ZERO), "the state came from a snapshot");
        }
    }

    /** What is read is named by what was applied, and others wait for a revision by that name. */
    @Test
    void aStateThatLagsBehindItsLogIsNotSaidToBeFurther() {
        int commands = 300;
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ensemble.zab = TestEnsemble.withSnapshotTxns(10 * commands);
            ensemble.start(1);
            ensemble.add(1, commands, 1);
            List<Zxid> zxids = List.copyOf(ensemble.heard(1).applied);
            ensemble.stop(1);
            // All of them take much longer than a turn.
            ensemble.slowness = () -> spin(Duration.ofMillis(1));
            ZabNode<Counter> node = ensemble.start(1);
            List<String> wrong = new CopyOnWriteArrayList<>();
            AtomicInteger seenBehind = new AtomicInteger();
            Promise<Void> caughtUp = Promise.promise();
            node.context().runOnContext(new Handler<>() {
                @Override
                public void handle(Void look) {
                    int applied = ensemble.heard(1).applied.size();
                    Zxid said = node.status().lastApplied();
                    if (applied == commands) {
                        caughtUp.complete();
                        return;
                    }
                    if (applied > 0) {
                        seenBehind.incrementAndGet();
                    }
                    if (!said.isBefore(zxids.get(applied))) {
                        wrong.add(said + " is said to be applied, and " + zxids.get(applied) + " is not");
                    }
                    node.context().runOnContext(this);
                }
            });
            await(caughtUp.future());
            assertEquals(List.of(), wrong);
            assertTrue(seenBehind.get() > 0, "it was never seen behind: this test tests nothing");
            until("it says so", () -> !node.status().lastApplied().isBefore(zxids.get(commands - 1)));
        }
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anErrorInWhatListensDoesNotStopTheNode() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            ensemble.heard(1).broken = true;
            assertEquals(5L, await(node.submit(Counter.add(5))));
            await(node.touch(Payload.of(new byte[3])));
            assertEquals(7L, await(node.submit(Counter.add(2))));
            assertEquals(3, ensemble.heard(1).incidents.get());
            ensemble.heard(1).broken = false;
            assertEquals(7L, await(node.readLatest(Counter::sum)));
            ensemble.nobodyFailed();
        }
    }

    /** Else what a caller does next would run between heartbeats. */
    @Test
    void everyAnswerComesOnTheContextOfTheCaller() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            Vertx callers = Vertx.vertx();
            try {
                Context caller = callers.getOrCreateContext();
                Promise<Boolean> back = Promise.promise();
                caller.runOnContext(ignored -> Future.all(
                                onCaller(caller, node.submit(Counter.add(1))),
                                onCaller(caller, node.readIndex()),
                                onCaller(caller, node.snapshot()),
                                onCaller(caller, node.settled(0, Duration.ofSeconds(60))),
                                onCaller(caller, node.latestStatus()))
                        .map(all -> all.<Boolean>list().stream().allMatch(there -> there))
                        .onComplete(back));
                assertTrue(await(back.future()));
            } finally {
                await(callers.close());
            }
        }
    }

    private static Future<Boolean> onCaller(Context caller, Future<?> answer) {
        Promise<Boolean> there = Promise.promise();
        answer.onComplete(done -> there.complete(done.succeeded() && Vertx.currentContext() == caller));
        return there.future();
    }

    @Test
    void onlyTheLeaderOfTheEpochProposesAndOnItsContextOnly() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            await(node.submit(Counter.add(1)));
            long epoch = node.status().epoch();
            assertThrows(IllegalStateException.class, () -> node.propose(epoch, Counter.add(1)));
            assertTrue(proposeOnContext(node, epoch));
            assertFalse(proposeOnContext(node, epoch + 1));
            until("it is applied", () -> await(node.read(Counter::sum)) == 2);
        }
    }

    /** Applied it would end every node, at every start again. The nodes speak a version without a word for it. */
    @Test
    void aCommandThatNoNodeCouldApplyIsRefusedWhereverItComesIn() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            int leader = ensemble.leader();
            for (int id = 1; id <= 3; id++) {
                Future<Object> answer = ensemble.node(id).submit(Payload.of(new byte[3]));
                until("it is refused", answer::failed);
                assertEquals(
                        id == leader ? RequestFailure.MALFORMED : RequestFailure.OUTCOME_UNKNOWN,
                        ((RequestFailedException) answer.cause()).failure());
                await(ensemble.node(id).submit(Counter.add(1)));
            }
            ensemble.nobodyFailed();
        }
    }

    @Test
    void aNodeThatWasClosedFailsNewRequestsAtOnce() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            ensemble.stop(1);
            Throwable failure = node.submit(Counter.add(1)).cause();
            assertEquals(RequestFailure.NO_LEADER, ((RequestFailedException) failure).failure());
        }
    }

    /** It was down then, and has it from those that it asks; without that its clients would wait for a leader. */
    @Test
    void aNodeThatWasRemovedFailsWhatItsClientsWaitForAtOnce() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            int leader = ensemble.leader();
            int removed = leader % 3 + 1;
            ensemble.stop(removed);
            Configuration now = ensemble.node(leader).status().configuration();
            Configuration next = now.next(now.members().stream()
                    .filter(member -> member.id().value() != removed)
                    .toList());
            await(ensemble.node(leader).reconfigure(next, Duration.ofSeconds(60)));
            ZabNode<Counter> outside = ensemble.start(removed);
            List<Future<?>> asked = List.of(
                    outside.submit(Counter.add(1)), outside.readIndex(), outside.touch(Payload.of(new byte[3])));
            for (Future<?> question : asked) {
                until("it ends", question::failed);
                assertEquals(RequestFailure.NOT_A_MEMBER, ((RequestFailedException) question.cause()).failure());
            }
            assertTrue(outside.isOutside());
        }
    }

    @Test
    void leadershipMovesOnRequestOfAnyNodeAndNoRequestFails() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            await(ensemble.node(1).submit(Counter.add(1)));
            List<Future<Object>> answers = new ArrayList<>();
            for (int round = 0; round < 12; round++) {
                ServerId successor = new ServerId(1 + round % 3);
                for (int i = 0; i < 30; i++) {
                    answers.add(ensemble.node(1 + i % 3).submit(Counter.add(1)));
                }
                ZabNode<Counter> asked = ensemble.node(1 + round / 3 % 3);
                until("all are in step", () -> inStep(ensemble));
                assertTrue(await(asked.handOff(successor, Duration.ofSeconds(60))), "hand-off " + round);
                assertEquals(successor, asked.status().leader());
            }
            await(Future.all(answers));
            assertEquals(361L, await(ensemble.node(2).readLatest(Counter::sum)));
        }
    }

    private static boolean inStep(TestEnsemble ensemble) {
        for (int id = 1; id <= 3; id++) {
            if (ensemble.node(id).status().phase() != Phase.BROADCAST) {
                return false;
            }
        }
        return true;
    }

    @Test
    void requestsOfAllNodesAreAnsweredByTheNodeWhereTheyCameIn() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            List<Long> sums = ensemble.add(1, 300, 1, 2, 3).stream()
                    .map(Long.class::cast)
                    .sorted()
                    .toList();
            for (int i = 0; i < 300; i++) {
                assertEquals(i + 1L, sums.get(i), "each request was applied once");
            }
            for (int id = 1; id <= 3; id++) {
                assertEquals(300L, await(ensemble.node(id).readLatest(Counter::sum)), "a read at any node sees all");
                await(ensemble.node(id).touch(Payload.of(new byte[id])));
            }
            int leader = ensemble.leader();
            assertEquals(List.of("1 1", "2 2", "3 3"), List.copyOf(ensemble.heard(leader).touches));
            assertEquals(300, ensemble.agreedSum());
            ensemble.nobodyFailed();
        }
    }

    @Test
    void theOthersGoOnWithoutTheLeaderAndTakeItBack() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            await(ensemble.node(1).submit(Counter.add(1)));
            int leader = ensemble.leader();
            ensemble.stop(leader);
            int other = 1 + leader % 3;
            until("a new leader", () -> submits(ensemble.node(other), 0));
            assertEquals(11L, await(ensemble.node(other).submit(Counter.add(10))));
            ensemble.start(leader);
            until("it follows", () -> ensemble.leader() != 0);
            assertEquals(11L, await(ensemble.node(leader).readLatest(Counter::sum)));
            assertEquals(11, ensemble.agreedSum());
        }
    }

    @Test
    void aNodeWithAnEmptyDiskGetsASnapshot() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            ensemble.start(1);
            ensemble.start(2);
            for (int round = 0; round < 10; round++) {
                ensemble.add(1, 100, 1, 2);
            }
            ensemble.start(3);
            assertEquals(1_000L, await(ensemble.node(3).readLatest(Counter::sum)));
            assertEquals(2, ensemble.heard(3).restored.size(), "the empty state, then the one that was sent");
            assertEquals(1_000, ensemble.agreedSum());
            ensemble.stop(3);
            ensemble.start(3);
            assertEquals(1_000L, await(ensemble.node(3).readLatest(Counter::sum)));
            ensemble.nobodyFailed();
        }
    }

    @Test
    void aSnapshotOfNowHasEverythingThatWasAnsweredAndIsMadeBesideTheWork() throws IOException {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            startAll(ensemble);
            for (int round = 1; round <= 3; round++) {
                for (int id = 1; id <= 3; id++) {
                    ZabNode<Counter> node = ensemble.node(id);
                    await(node.submit(Counter.add(1)));
                    Zxid answered = node.status().lastApplied();
                    List<Future<Position>> snapshots = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        snapshots.add(node.snapshot());
                        node.submit(Counter.add(0));
                    }
                    await(Future.all(snapshots));
                    Zxid at = snapshots.get(0).result().zxid();
                    assertTrue(at.compareTo(answered) >= 0, at + " has " + answered);
                    try (SnapshotSource file = node.openSnapshot(at)) {
                        assertEquals(at, file.snapshot().at().zxid());
                    }
                }
            }
            ensemble.nobodyFailed();
        }
    }

    @Test
    void aFailedFsyncStopsTheNodeAtOnceAndForGood() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 3)) {
            AtomicBoolean broken = new AtomicBoolean();
            ensemble.disks = disk -> new FailingDisk(disk, broken);
            ensemble.start(3);
            ensemble.disks = UnaryOperator.identity();
            ensemble.start(1);
            ensemble.start(2);
            ensemble.leader();
            await(ensemble.node(3).submit(Counter.add(1)));
            await(ensemble.node(3).snapshot());
            broken.set(true);
            Future<Object> lost = ensemble.node(3).submit(Counter.add(1));
            until("it says so", () -> ensemble.heard(3).failure != null);
            assertTrue(ensemble.heard(3).failure instanceof LogFailedException, "" + ensemble.heard(3).failure);
            until("its clients know", lost::isComplete);
            await(ensemble.node(3).scrub());
            assertEquals(0, ensemble.heard(3).scrubs.get(), "its housekeeping ended with it");
            ensemble.stop(3);
            until("the others go on", () -> submits(ensemble.node(1), 0));
            ensemble.start(3);
            ensemble.leader();
            assertEquals(ensemble.agreedSum(), await(ensemble.node(3).readLatest(Counter::sum)));
        }
    }

    /** It can log more than it can keep in memory without a snapshot, and so can everybody else of the ensemble. */
    @Test
    void aNodeThatEndedForLackOfRoomStartsWhenThereIsRoom() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            AtomicLong usable = new AtomicLong(32 << 20);
            ensemble.disks = disk -> new FullDisk(disk, usable);
            ensemble.start(1);
            long distances = 5L * TestEnsemble.CONFIG.snapshotTxns();
            long sum = 0;
            while (sum < distances && submits(ensemble.node(1), 1)) {
                sum++;
            }
            until("it has no room left", () -> ensemble.heard(1).failure != null);
            String why = String.valueOf(ensemble.heard(1).failure);
            assertTrue(why.contains("make room in the data directory"), why);
            ensemble.stop(1);

            usable.set(Long.MAX_VALUE);
            ensemble.start(1);
            long atLeast = sum;
            assertTrue(await(ensemble.node(1).readLatest(Counter::sum)) >= atLeast, "nothing is lost");
            until("it takes a snapshot", () -> ensemble.heard(1).snapshots.get() > 0);
            ensemble.nobodyFailed();
            assertTrue(submits(ensemble.node(1), 1));
        }
    }

    @Test
    void aStateThatIsNotWhatItsLogSaysStopsTheNode() {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            AtomicLong made = new AtomicLong();
            ensemble.factory = new StateMachineFactory<>() {
                @Override
                public Counter empty(int level) {
                    return new Counter(made.getAndIncrement());
                }

                @Override
                public Counter read(InputStream in) throws IOException {
                    return Counter.FACTORY.read(in);
                }
            };
            ensemble.start(1);
            for (int i = 0; i < 250; i++) {
                ensemble.node(1).submit(Counter.add(1));
            }
            until("the snapshot shows it", () -> ensemble.heard(1).failure != null);
            assertTrue(ensemble.heard(1).failure instanceof StateDivergedException, "" + ensemble.heard(1).failure);
        }
    }

    @Test
    void aSnapshotThatRotsIsReplacedByAnotherOne() throws IOException {
        try (TestEnsemble ensemble = new TestEnsemble(directory, 1)) {
            ZabNode<Counter> node = ensemble.start(1);
            for (int snapshot = 0; snapshot < 2; snapshot++) {
                await(node.submit(Counter.add(1)));
                await(node.snapshot());
            }
            await(node.submit(Counter.add(1)));
            Path older;
            try (Stream<Path> files = Files.list(directory.resolve("node-1"))) {
                older = files.filter(file -> file.getFileName().toString().startsWith("snapshot-"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
            }
            byte[] bytes = Files.readAllBytes(older);
            bytes[bytes.length - 30] ^= 4;
            Files.write(older, bytes);
            int before = ensemble.heard(1).snapshots.get();
            until("it is read again", () -> {
                await(node.scrub());
                return ensemble.heard(1).damages.get() > 0;
            });
            until("another one is made", () -> ensemble.heard(1).snapshots.get() > before);
            until("and the damaged one is gone", () -> !Files.exists(older));
            ensemble.nobodyFailed();
        }
    }

    /** Adds one by one, and returns how often; what follows the snapshot makes its record durable. */
    private static long addUntilASnapshotIsTaken(TestEnsemble ensemble) {
        long[] added = {1};
        until("a snapshot", () -> {
            // On a busy machine nodes may be waiting for their snapshots, and refuse what comes meanwhile.
            added[0] += submits(ensemble.node(1), 1) ? 1 : 0;
            return ensemble.heard(1).snapshots.get() > 0;
        });
        until("one more", () -> submits(ensemble.node(1), 1));
        return added[0];
    }

    private static boolean submits(ZabNode<Counter> node, long amount) {
        return node.submit(Counter.add(amount))
                .toCompletionStage()
                .toCompletableFuture()
                .handle((result, failure) -> failure == null)
                .join();
    }

    private static void startAll(TestEnsemble ensemble) {
        for (int id = 1; id <= 3; id++) {
            ensemble.start(id);
        }
        ensemble.leader();
    }

    private static boolean proposeOnContext(ZabNode<Counter> node, long epoch) {
        Promise<Boolean> proposed = Promise.promise();
        node.context().runOnContext(ignored -> proposed.complete(node.propose(epoch, Counter.add(1))));
        return await(proposed.future());
    }
}

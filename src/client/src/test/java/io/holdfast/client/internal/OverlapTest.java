package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.LockRequest;
import io.holdfast.client.spi.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several clients want the same lock through a network that loses, delays and garbles what it carries, in made-up time:
 * no two believe at once that they hold it, and when the network is well again the lock goes on.
 */
class OverlapTest {

    private static final LockRequest LOCK = LockRequest.exclusive("a");
    private static final int CLIENTS = 3;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noTwoClientsBelieveThatTheyHoldTheLock(long seed) {
        World world = new World(seed);
        int steps = 0;
        for (; world.loop.millis() < 200_000; steps++) {
            world.step();
        }
        world.heal();
        int before = world.grants;
        for (int i = 0; i < 300; i++) {
            world.work();
        }
        assertTrue(world.grants > before + 5, "the lock goes on once the network is well");
        assertTrue(before > 10, "only " + before + " grants in " + steps + " steps: this tests nothing");
    }

    private static final class World {
        private final FakeLoop loop;
        private final Random random;
        private final ModelServer server;
        private final List<Worker> workers = new ArrayList<>();
        private int grants;

        World(long seed) {
            loop = new FakeLoop(seed);
            random = new Random(seed);
            server = new ModelServer(loop);
            server.beat();
            for (int i = 0; i < CLIENTS; i++) {
                workers.add(new Worker());
            }
        }

        void step() {
            if (random.nextInt(30) == 0) {
                Worker worker = workers.get(random.nextInt(CLIENTS));
                worker.transport.at(random.nextInt(3), way(worker.transport));
            }
            if (random.nextInt(60) == 0) {
                workers.get(random.nextInt(CLIENTS))
                        .transport
                        .all(workers.get(0).transport.well());
            }
            if (random.nextInt(200) == 0) {
                loop.standStill(random.nextInt(5_000));
            }
            if (random.nextInt(150) == 0) {
                server.tickets.keySet().stream().findFirst().ifPresent(server::endSessionOf);
                // Told or not, a session that an administrator ends is ended at once: its holder cannot know.
                workers.forEach(Worker::forget);
            }
            work();
        }

        private FakeTransport.Way way(FakeTransport transport) {
            TransportResponse garbage =
                    new TransportResponse(200, Map.of(), "{\"id\":7".getBytes(StandardCharsets.UTF_8));
            TransportResponse busy = ModelServer.problem(503, "no-leader");
            return switch (random.nextInt(7)) {
                case 0 -> FakeTransport.refuses();
                case 1 -> FakeTransport.swallows();
                case 2 -> transport.losesAnswers();
                case 3 -> transport.answers(garbage);
                case 4 -> (request, answer) -> answer.complete(busy);
                case 5 ->
                    (request, answer) -> loop.schedule(
                            random.nextInt(3_000), () -> transport.well().take(request, answer));
                default -> transport.well();
            };
        }

        void heal() {
            workers.forEach(worker -> worker.transport.all(worker.transport.well()));
        }

        void work() {
            loop.pass(random.nextInt(200));
            workers.forEach(Worker::work);
            List<Worker> believers = workers.stream().filter(Worker::believes).toList();
            assertTrue(believers.size() <= 1, () -> believers + " at " + loop.millis());
        }

        private final class Worker {
            private final FakeTransport transport = new FakeTransport(loop, server);
            private final CoreClient client;
            private PendingLease pending;
            private LeaseHandle lease;
            private CompletableFuture<Boolean> releasing;

            Worker() {
                ClientOptions options = ClientOptions.of(FakeTransport.NODES, Duration.ofSeconds(3), "test");
                client = new CoreClient(options, loop, transport, loop, () -> {});
            }

            boolean believes() {
                return lease != null && !lease.isOver();
            }

            void forget() {
                if (lease != null) {
                    Futures.forget(client.release(lease));
                    lease = null;
                }
            }

            void work() {
                if (lease != null) {
                    if (random.nextInt(10) == 0 || lease.isOver()) {
                        releasing = client.release(lease);
                        lease = null;
                    }
                } else if (pending != null) {
                    if (pending.result().isDone()) {
                        lease = pending.result()
                                .handle((granted, failure) -> granted == null ? Optional.<LeaseHandle>empty() : granted)
                                .join()
                                .orElse(null);
                        grants += lease == null ? 0 : 1;
                        pending = null;
                    } else if (random.nextInt(100) == 0) {
                        Futures.forget(pending.cancel());
                    }
                } else if (releasing == null || releasing.isDone()) {
                    long wait = random.nextInt(4) == 0 ? 0 : random.nextInt(10_000);
                    pending = client.begin(
                            Owner.borrowing(client.pool(), loop, () -> true),
                            LOCK,
                            random.nextInt(4) == 0 ? Acquisition.FOREVER : wait);
                }
            }

            @Override
            public String toString() {
                return String.valueOf(lease);
            }
        }
    }
}

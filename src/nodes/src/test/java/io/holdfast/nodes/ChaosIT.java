package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import io.holdfast.ensemble.history.Hold;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three packaged servers under load while everything happens to them that {@link Fault} names, in an order that a seed
 * decides. {@code -Dchaos.seed=} gives the same order again (what happens at the same time as what is another matter),
 * {@code -Dchaos.minutes=} goes on with new orders for so long.
 */
class ChaosIT {

    private static final long SEED = Long.getLong("chaos.seed", new Random().nextInt(Integer.MAX_VALUE));
    private static final Duration AT_LEAST = Duration.ofMinutes(Integer.getInteger("chaos.minutes", 0));
    private static final int RELEASES_LOOKED_AT = 200;
    private static final int LOG_LINES = 40;

    /** Small logs, windows and snapshots, so that nodes synchronize in every way there is. */
    @RegisterExtension
    final Nodes nodes = new Nodes(
                    3,
                    blueprint -> blueprint
                            .with("holdfast.zab.window-txns", "500")
                            .with("holdfast.zab.snapshot-txns", "400")
                            .with("holdfast.log.segment-size", "256K")
                            .with("holdfast.log.grow-size", "16K"))
            .behindProxies();

    private final List<String> happened = new ArrayList<>();
    private final long begin = System.nanoTime();
    private SmallDisks disks;

    @BeforeAll
    static void unmountWhatAKilledRunLeft() throws Exception {
        SmallDisks.unmountLeftovers(Path.of("target/ensembles"));
    }

    @Test
    void clientsNeverSeeABrokenPromiseWhateverHappensToTheNodes() throws Exception {
        System.out.println("chaos: seed " + SEED);
        var ensemble = nodes.ensemble();
        disks = SmallDisks.mount(ensemble);
        try {
            ensemble.start();
            rounds(ensemble);
        } catch (Exception | AssertionError e) {
            var message = "With -Dchaos.seed=%d after:%n%s%n%s%n%s"
                    .formatted(SEED, String.join("\n", happened), e.getMessage(), ensemble.logTails(LOG_LINES));
            var failure = new AssertionError(message, e);
            keepTraces(ensemble, failure);
            throw failure;
        } finally {
            ensemble.close();
            disks.close();
        }
    }

    /** What helps to find the cause, beside the logs: in them, where all threads are; and all files. */
    private void keepTraces(Ensemble ensemble, AssertionError failure) {
        try {
            ensemble.showThreads();
        } catch (IOException | TimeoutException e) {
            failure.addSuppressed(e);
        }
        try {
            disks.keep();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void rounds(Ensemble ensemble) throws Exception {
        var random = new Random(SEED);
        var history = new History();
        var round = 0;
        do {
            round(ensemble, history, ++round, random);
            System.out.println("chaos: round " + round + " after " + sinceBegin() + ", " + history.summary());
            history = history.next();
        } while (System.nanoTime() - begin < AT_LEAST.toNanos());
    }

    private void round(Ensemble ensemble, History history, int round, Random random) throws Exception {
        var schedule = Blow.schedule(random);
        try (var load = new ChaosLoad(ensemble, history, round, random.nextLong())) {
            var chaos = new Chaos(ensemble, nodes.network(), disks, load);
            load.awaitEveryClient("before anything happens");
            for (var blow : schedule) {
                happened.add(sinceBegin() + " " + blow);
                chaos.inflict(blow);
            }
            happened.add(sinceBegin() + " healed");
            load.stop();
            assertTrue(load.retries() > schedule.size(), "no client noticed anything: this test tests nothing");
            atRest(ensemble, history, load.prefix());
        }
        assertEquals("", String.join("\n", HistoryCheck.violations(history)));
        System.out.println("chaos: " + String.join(", ", happened));
        happened.clear();
    }

    /** What is left when nothing happens any more. */
    private static void atRest(Ensemble ensemble, History history, String prefix) throws Exception {
        var client = new Client(ensemble, 1);
        // Leases whose clients are gone end, and what they held and waited for ends with them.
        Eventually.await(
                "abandoned leases end",
                ChaosLoad.BOUND,
                () -> Client.expect(200, client.insist("GET", "/v1/locks?prefix=" + prefix, ""))
                        .body()
                        .path("locks")
                        .isEmpty());
        everyReleaseLasted(client, history);
        var sessions = new ArrayList<String>();
        for (var i = 0; i < 9; i++) {
            var session = client.openSession();
            sessions.add(session);
            var reply = client.take("left-" + prefix.replace('/', '-') + i, session, prefix + "left/" + i / 3, "10m");
            assertEquals(i % 3 == 0 ? 201 : 202, reply.status(), reply::toString);
        }
        Eventually.await(
                "all nodes are at the same revision",
                ChaosLoad.BOUND,
                () -> LongStream.rangeClosed(1, ensemble.size())
                                .map(id -> ChaosLoad.look(client, (int) id, prefix, history))
                                .distinct()
                                .count()
                        == 1);
        for (var session : sessions) {
            Client.expect(204, client.insist("DELETE", "/v1/sessions/" + session, ""));
        }
    }

    private static void everyReleaseLasted(Client client, History history) {
        var released = history.holds().stream()
                .filter(hold -> hold.released() != Hold.NEVER && hold.lock().startsWith("chaos/"))
                .toList();
        for (var hold : released.subList(Math.max(0, released.size() - RELEASES_LOOKED_AT), released.size())) {
            var status = client.insist("GET", "/v1/grants/" + hold.grant(), "").status();
            assertTrue(status == 404 || status == 410, () -> "a release was lost: " + hold + " answers " + status);
        }
    }

    private String sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms";
    }
}

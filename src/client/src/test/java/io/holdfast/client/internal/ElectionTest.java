package io.holdfast.client.internal;

import static io.holdfast.client.internal.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Metadata;
import io.holdfast.client.Leader;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Candidates against a model of the server, with real threads. */
@Timeout(120)
class ElectionTest {

    private final ThreadLoop loop = new ThreadLoop("test-server");
    private final ModelServer server = new ModelServer(loop);
    private final FakeTransport transport = new FakeTransport(loop, server);
    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
    private final CoreClient client = client();
    private final CoreClient other = client();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    private CoreClient client() {
        ClientOptions options = ClientOptions.of(FakeTransport.NODES, Duration.ofMinutes(2), "test");
        loop.execute(server::beat);
        return new CoreClient(options, new ThreadLoop("test-client"), transport, threads, () -> {});
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
        threads.shutdownNow();
        loop.close();
    }

    private final class Told implements LeaderElection.Listener {
        private final String name;
        private final AtomicInteger inside = new AtomicInteger();

        Told(String name) {
            this.name = name;
        }

        @Override
        public void elected(Lease leadership) {
            assertEquals(1, inside.incrementAndGet());
            told.add(name + " elected");
        }

        @Override
        public void revoked(Lease leadership) {
            assertEquals(0, inside.decrementAndGet());
            told.add(name + " revoked");
        }
    }

    private LeaderElection start(CoreClient by, String name) {
        return by.election("jobs")
                .candidate(name)
                .metadata(Metadata.of("{\"url\":\"" + name + "\"}"))
                .start(new Told(name));
    }

    private void endSessionOf(LeaderElection leader) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.execute(() -> {
            server.tickets.values().stream()
                    .filter(ticket -> ticket.token > 0)
                    .findFirst()
                    .ifPresent(ticket -> server.endSessionOf(ticket.id));
            ended.complete(null);
        });
        ended.join();
        CoreClient of = leader.candidate().startsWith("one") ? client : other;
        of.services().loop().execute(() -> of.pool().keepAlive().renewNow());
    }

    @Test
    void theNextCandidateLeadsWhenTheLeaderResigns() throws Exception {
        LeaderElection one = start(client, "one");
        await(one::isLeader);
        LeaderElection two = start(other, "two");
        await(() -> one.leaderNow().map(Leader::candidate).equals(Optional.of("one")));
        assertEquals(
                "{\"url\":\"one\"}", two.leaderNow().orElseThrow().metadata().json());
        await(() -> waiting() == 1);
        assertFalse(two.isLeader());
        one.resign();
        assertFalse(one.isLeader(), "at once");
        await(two::isLeader);
        await(() -> told.size() == 3);
        assertEquals(List.of("one elected", "one revoked", "two elected"), told);
        await(() -> waiting() == 1);
        two.close();
        await(one::isLeader);
        assertEquals("two revoked", told.get(3));
        await(() -> told.size() == 5);
    }

    private int waiting() {
        CompletableFuture<Integer> waiting = new CompletableFuture<>();
        loop.execute(() -> waiting.complete((int) server.tickets.values().stream()
                .filter(ticket -> ticket.token == 0)
                .count()));
        return waiting.join();
    }

    @Test
    void aLeaderIsHandedOverToTheCandidateThatWasChosen() throws Exception {
        LeaderElection one = start(client, "one");
        await(one::isLeader);
        LeaderElection two = start(other, "two");
        await(() -> waiting() == 1);
        LeaderElection three = start(other, "three");
        await(() -> waiting() == 2);
        assertFalse(two.handOver("three"), "it does not lead");
        assertFalse(one.handOver("nobody"));
        assertTrue(one.isLeader());
        assertTrue(one.handOver("three"));
        await(three::isLeader);
        assertFalse(two.isLeader());
        assertEquals("three elected", told.get(told.size() - 1));
    }

    @Test
    void observersHearOfEveryLeaderAndTokensDoNotGoBack() throws Exception {
        List<Leader> heard = Collections.synchronizedList(new ArrayList<>());
        LeaderElection one = start(client, "one");
        one.observe(heard::add);
        await(() -> heard.size() == 1);
        LeaderElection two = start(other, "two");
        await(() -> waiting() == 1);
        one.resign();
        await(() -> heard.size() == 2);
        assertEquals("two", heard.get(1).candidate());
        assertTrue(heard.get(1).token() > heard.get(0).token());
        assertTrue(heard.get(1).age().compareTo(Duration.ofMinutes(1)) < 0);
        await(() -> one.leader().map(Leader::candidate).equals(Optional.of("two")));
        await(() -> waiting() == 1);
        two.close();
        await(() -> heard.size() == 3);
        assertEquals("one", heard.get(2).candidate());
    }

    @Test
    void eachElectedHasOneRevokedAlsoWhenTheSessionEndsOrTheListenerThrows() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        LeaderElection election = client.election("jobs").candidate("one").start(new LeaderElection.Listener() {
            @Override
            public void elected(Lease leadership) {
                told.add("elected " + leadership.token());
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("the listener's own");
                }
            }

            @Override
            public void revoked(Lease leadership) {
                told.add("revoked " + leadership.token());
            }
        });
        await(() -> told.size() == 3);
        await(election::isLeader);
        endSessionOf(election);
        await(() -> told.size() == 5);
        await(election::isLeader);
        election.close();
        assertEquals(6, told.size());
        assertFalse(election.isLeader());
        for (int i = 0; i < 6; i += 2) {
            assertEquals(told.get(i).replace("elected", "revoked"), told.get(i + 1));
        }
    }

    @Test
    void aBodyLeadsOnItsThreadAndIsInterruptedWhenItMustEnd() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        LeaderElection election = client.election("jobs").candidate("one").run(lease -> {
            runs.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
            }
            return null;
        });
        await(() -> runs.get() == 1);
        election.resign();
        await(() -> runs.get() == 2);
        assertEquals(1, interrupts.get());
        endSessionOf(election);
        await(() -> runs.get() == 3);
        election.close();
        assertEquals(3, interrupts.get());
        assertEquals(0, waiting());
    }

    @Test
    void aCandidateStandsOnlyWhileItIsEligible() throws Exception {
        AtomicBoolean eligible = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        LeaderElection one = start(client, "one");
        await(one::isLeader);
        LeaderElection two = other.election("jobs")
                .candidate("two")
                .eligible(() -> asked.incrementAndGet() > 0 && eligible.get())
                .start(new Told("two"));
        await(() -> asked.get() > 1);
        assertEquals(0, waiting());
        eligible.set(true);
        await(() -> waiting() == 1);
        eligible.set(false);
        await(() -> waiting() == 0);
        assertFalse(two.isLeader());
        assertThrows(IllegalArgumentException.class, () -> client.election("a b"));
        assertThrows(IllegalArgumentException.class, () -> start(client, "a/b"));
    }

    @Test
    void closingTheClientEndsItsElections() throws Exception {
        LeaderElection one = start(client, "one");
        await(() -> told.contains("one elected"));
        client.close();
        assertFalse(one.isLeader());
        assertEquals(List.of("one elected", "one revoked"), told);
        assertThrows(IllegalStateException.class, () -> start(client, "late"));
    }
}

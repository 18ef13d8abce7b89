package io.holdfast.overlap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.EventBatch;
import io.holdfast.api.LockBody;
import io.holdfast.api.Metadata;
import io.holdfast.api.Mode;
import io.holdfast.client.DeadlockException;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.DistributedSemaphore;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Leader;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import io.holdfast.client.RefusedException;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java client against three nodes. Its leases are long, since the machine may be slow, unless their end is the
 * subject.
 */
@Timeout(300)
class ClientIT {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final Duration BOUND = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    private static Ensemble ensemble;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HoldfastClient client;
    private HoldfastClient other;

    @BeforeAll
    static void start() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        Blueprint blueprint =
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 3).startedOften();
        ensemble = new Ensemble(blueprint);
        ensemble.start();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @BeforeEach
    void open() {
        client = client(Duration.ofSeconds(60));
        other = client(Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
        threads.shutdownNow();
    }

    private static HoldfastClient client(Duration ttl) {
        String[] endpoints = {uri(1), uri(2), uri(3)};
        return HoldfastClient.builder()
                .endpoints(endpoints)
                .ttl(ttl)
                .name("client-it")
                .build();
    }

    private static String uri(int node) {
        return ensemble.uri(node).toString();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void threadsOfTwoProgramsAreInsideOneAfterTheOther() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            HoldfastClient mine = i % 2 == 0 ? client : other;
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < 20; turn++) {
                    mine.lock("it/one").withLock(lease -> {
                        assertEquals(1, inside.incrementAndGet());
                        tokens.add(lease.token());
                        lease.check();
                        return inside.decrementAndGet();
                    });
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            get(one);
        }
        assertEquals(120, tokens.size());
        assertEquals(tokens.stream().sorted().distinct().toList(), tokens, "each token is greater than the one before");
    }

    @Test
    void readersShareAndBecomeWritersInPlace() throws Exception {
        DistributedReadWriteLock lock = client.readWriteLock("it/rw");
        lock.readLock().lock();
        assertTrue(get(threads.submit(() -> {
            DistributedReadWriteLock theirs = other.readWriteLock("it/rw");
            boolean shared = theirs.readLock().tryLock();
            boolean alone = theirs.writeLock().tryLock();
            theirs.readLock().unlock();
            return shared && !alone;
        })));
        long read = lock.readLock().token();
        assertTrue(lock.writeLock().tryLock());
        assertTrue(lock.writeLock().token() > read);
        lock.writeLock().unlock();
        assertEquals(Mode.SHARED, lock.readLock().lease().mode());
        lock.readLock().unlock();
    }

    @Test
    void permitsAndSetsAreTakenAsOne() throws Exception {
        DistributedSemaphore semaphore = client.semaphore("it/permits", 3);
        Lease two = semaphore.acquire(2);
        assertEquals(Optional.empty(), other.semaphore("it/permits", 3).tryAcquire(2, Duration.ZERO));
        Lease one =
                other.semaphore("it/permits", 3).tryAcquire(1, Duration.ZERO).orElseThrow();
        RefusedException limit = assertThrows(
                RefusedException.class, () -> other.semaphore("it/permits", 4).tryAcquire(1, Duration.ZERO));
        assertEquals("limit-mismatch", limit.problem());
        two.close();
        one.close();
        LockRequest set = LockRequest.all(
                LockRequest.exclusive("it/set/b"),
                LockRequest.shared("it/set/a"),
                LockRequest.semaphore("it/set/c", 1, 2));
        Lease all = client.tryAcquire(set.withMetadata("{\"why\":\"test\"}"), Duration.ZERO)
                .orElseThrow();
        assertEquals(List.of("it/set/a", "it/set/b", "it/set/c"), all.locks());
        assertEquals(Optional.empty(), other.tryAcquire(LockRequest.exclusive("it/set/b"), Duration.ZERO));
        other.tryAcquire(LockRequest.shared("it/set/a"), Duration.ZERO)
                .orElseThrow()
                .close();
        all.close();
    }

    @Test
    void threadsThatWouldWaitForEachOtherAreTold() throws Exception {
        client.lock("it/x").lock();
        CompletableFuture<Void> both = new CompletableFuture<>();
        Future<?> theirs = threads.submit(() -> {
            other.lock("it/y").lock();
            both.complete(null);
            other.lock("it/x").lock();
            other.lock("it/x").unlock();
            other.lock("it/y").unlock();
        });
        get(both);
        Eventually.await("the other thread waits", BOUND, () -> waiters("it/x").size() == 1);
        DeadlockException deadlock =
                assertThrows(DeadlockException.class, () -> client.lock("it/y").lock());
        assertEquals(2, deadlock.cycle().size());
        client.lock("it/x").unlock();
        get(theirs);
    }

    @Test
    void aHolderIsAskedToYieldAndHandsOver() throws Exception {
        Lease lease = client.tryAcquire(LockRequest.exclusive("it/yield"), Duration.ZERO)
                .orElseThrow();
        CompletableFuture<Notice> asked = new CompletableFuture<>();
        lease.onNotice(asked::complete);
        CompletableFuture<Lease> first = other.acquireAsync(LockRequest.exclusive("it/yield"), Duration.ofMinutes(5));
        CompletableFuture<Lease> second = other.acquireAsync(LockRequest.exclusive("it/yield"), Duration.ofMinutes(5));
        Eventually.await("two tickets wait", BOUND, () -> waiters("it/yield").size() == 2);
        String ticket = waiters("it/yield").get(1);
        assertTrue(client.locks().why("it/yield", ticket).words().contains(lease.grant()));
        client.locks().transfer(lease.grant(), ticket, Duration.ofMinutes(5));
        Notice notice = get(asked);
        assertEquals(ticket, notice.to());
        assertTrue(lease.handOver(ticket));
        assertThrows(LeaseLostException.class, lease::check);
        CompletableFuture<Object> next = CompletableFuture.anyOf(first, second);
        Lease granted = (Lease) get(next);
        assertEquals(ticket, granted.grant());
        granted.close();
        get(first.thenCombine(second, (one, two) -> true));
        first.join().close();
        second.join().close();
    }

    private List<String> waiters(String lock) {
        try {
            return other.locks().get(lock).waiters().stream()
                    .map(LockBody.Waiter::grant)
                    .toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAnAdministratorTakesIsLostAtTheHolder() throws Exception {
        try (HoldfastClient quick = client(Duration.ofSeconds(15))) {
            Lease lease = quick.tryAcquire(LockRequest.exclusive("it/break"), Duration.ZERO)
                    .orElseThrow();
            assertTrue(client.locks().check("it/break", lease.token()).valid());
            assertEquals(1, client.locks().list("it/break", "", 10).locks().size());
            assertEquals(3, client.locks().cluster().members().size());
            client.locks().breakGrant("it/break", lease.grant(), "test", Duration.ZERO);
            assertFalse(client.locks().check("it/break", lease.token()).valid());
            assertEquals(Loss.BROKEN, get(lease.lost()));
            assertThrows(LeaseLostException.class, lease::check);
        }
    }

    @Test
    void oneOfTwoCandidatesLeadsAndObserversHearOfEach() throws Exception {
        List<Leader> heard = Collections.synchronizedList(new ArrayList<>());
        try (LeaderElection one = candidate(client, "one");
                LeaderElection two = candidate(other, "two")) {
            two.observe(heard::add);
            Eventually.await("one of them leads", BOUND, () -> one.isLeader() != two.isLeader());
            LeaderElection first = one.isLeader() ? one : two;
            LeaderElection second = one.isLeader() ? two : one;
            assertEquals(first.candidate(), second.leaderNow().orElseThrow().candidate());
            Eventually.await(
                    "the other one waits", BOUND, () -> waiters("it/election").size() == 1);
            assertTrue(first.handOver(second.candidate()));
            assertFalse(first.isLeader());
            Eventually.await("the other one leads", BOUND, second::isLeader);
            Eventually.await("both were heard of", BOUND, () -> heard.size() == 2);
            assertEquals(second.candidate(), heard.get(1).candidate());
            assertEquals(
                    "{\"at\":\"" + second.candidate() + "\"}",
                    heard.get(1).metadata().json());
            assertTrue(heard.get(1).token() > heard.get(0).token());
        }
        Eventually.await(
                "none stands any more", BOUND, () -> waiters("it/election").isEmpty());
    }

    private static LeaderElection candidate(HoldfastClient by, String name) {
        return by.election("it/election")
                .candidate(name)
                .metadata(Metadata.of("{\"at\":\"" + name + "\"}"))
                .run(lease -> {
                    new CountDownLatch(1).await();
                    return null;
                });
    }

    @Test
    void eventsAreFollowedFromTheStateOnAndThroughTheDeathOfANode() throws Exception {
        Lease before = client.tryAcquire(LockRequest.exclusive("it/events/a"), Duration.ZERO)
                .orElseThrow();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (EventSubscription feed = other.events("it/events/").since("0-0").start(event -> {
            List<EventBatch.Change> changes = event.data().changes();
            told.add(event.event());
            if (changes != null) {
                changes.forEach(change -> told.add(change.kind() + " " + change.grant()));
            }
        })) {
            Eventually.await("the holder is known", BOUND, () -> told.contains("granted " + before.grant()));
            before.close();
            Eventually.await("its release is told", BOUND, () -> told.contains("released " + before.grant()));
            int follower = ensemble.follower();
            ensemble.node(follower).kill();
            Lease after = client.tryAcquire(LockRequest.exclusive("it/events/b"), Duration.ofMinutes(1))
                    .orElseThrow();
            Eventually.await("the next is told", BOUND, () -> told.contains("granted " + after.grant()));
            ensemble.node(follower).start();
            ensemble.awaitReady();
            after.close();
            Eventually.await("and its release", BOUND, () -> told.contains("released " + after.grant()));
            assertEquals(
                    1,
                    told.stream().filter(("granted " + after.grant())::equals).count(),
                    told::toString);
            assertFalse(feed.ended().isDone());
        }
    }

    @Test
    void aKilledLeaderCostsNoLeaseAndNoTicket() throws Exception {
        Lease lease = client.tryAcquire(LockRequest.exclusive("it/kill"), Duration.ZERO)
                .orElseThrow();
        CompletableFuture<Lease> waits = other.acquireAsync(LockRequest.exclusive("it/kill"), Duration.ofMinutes(5));
        int leader = ensemble.awaitLeader();
        ensemble.node(leader).kill();
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(client.lock("it/meanwhile").withLock(held -> held.token()));
            lease.check();
            assertFalse(lease.stopping());
        }
        assertEquals(tokens.stream().sorted().distinct().toList(), tokens);
        ensemble.node(leader).start();
        ensemble.awaitReady();
        lease.check();
        assertFalse(waits.isDone());
        lease.close();
        Lease next = get(waits);
        assertTrue(next.token() > lease.token());
        next.close();
    }

    @Test
    void withoutAQuorumTheLeaseIsLostBeforeAnotherIsGrantedTheLock() throws Exception {
        try (HoldfastClient quick = client(Duration.ofSeconds(6))) {
            Lease lease = quick.tryAcquire(LockRequest.exclusive("it/quorum"), Duration.ofSeconds(60))
                    .orElseThrow();
            CompletableFuture<Void> stop = new CompletableFuture<>();
            lease.onStop(() -> stop.complete(null));
            CompletableFuture<Lease> waits =
                    other.acquireAsync(LockRequest.exclusive("it/quorum"), Duration.ofMinutes(5));
            Eventually.await("a ticket waits", BOUND, () -> waiters("it/quorum").size() == 1);
            int leader = ensemble.awaitLeader();
            int second = leader % 3 + 1;
            ensemble.node(leader).kill();
            ensemble.node(second).kill();
            get(stop);
            assertEquals(Loss.EXPIRED, get(lease.lost()));
            assertThrows(LeaseLostException.class, lease::check);
            assertFalse(waits.isDone());
            ensemble.node(leader).start();
            ensemble.node(second).start();
            ensemble.awaitReady();
            Lease next = get(waits);
            assertTrue(next.token() > lease.token());
            next.close();
        } catch (ExecutionException e) {
            throw new AssertionError(ensemble.logTails(20), e);
        }
    }
}

package io.holdfast.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessTest {

    private static final Duration STILL = Duration.ofMillis(300);
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path directory;

    @Test
    void aNodeThatEndedStartsAgainAndItsLogKeepsBothRuns() throws Exception {
        try (var node = new NodeProcess("node", List.of(JAVA, "-version"), directory)) {
            node.start();
            assertEquals(0, node.awaitExit(BOUND));
            var once = node.log();
            assertTrue(once.contains("version"), once);
            node.start();
            assertEquals(0, node.awaitExit(BOUND));
            assertEquals(once + once, node.log());
        }
    }

    @Test
    void aKilledNodeIsGoneWhenKillReturnsAndAStoppedOneSaysHowItEnded() throws Exception {
        var source = Files.writeString(directory.resolve("Waits.java"), """
                class Waits {
                    public static void main(String[] args) throws Exception {
                        System.out.println("waiting");
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                }
                """);
        try (var node = new NodeProcess("node", List.of(JAVA, source.toString()), directory)) {
            node.start();
            Eventually.await("it waits", BOUND, () -> logOf(node).contains("waiting"));
            node.kill();
            assertFalse(node.isAlive());
            node.start();
            Eventually.await("it waits again", BOUND, () -> logOf(node).endsWith("waiting\nwaiting\n"));
            assertEquals(128 + 15, node.stop());
            assertTrue(node.cpu().toMillis() > 0);
        }
    }

    @Test
    void aFrozenNodeDoesNothingUntilItIsThawed() throws Exception {
        try (var node = counts()) {
            node.freeze();
            var said = staysStill(node);
            node.thaw();
            Eventually.await("it counts again", BOUND, () -> logOf(node).length() > said.length());
        }
    }

    @Test
    void aNodeShowsItsThreadsAndGoesOn() throws Exception {
        try (var node = counts()) {
            node.showThreads();
            var said = logOf(node);
            assertTrue(said.contains("\"main\""), said);
            Eventually.await("it counts again", BOUND, () -> logOf(node).length() > said.length());
        }
    }

    @Test
    void aNodeWhoseFilesAreLimitedWritesNothingMoreAndLives() throws Exception {
        try (var node = counts()) {
            node.limitFiles();
            staysStill(node);
            assertTrue(node.isAlive());
        }
    }

    private NodeProcess counts() throws Exception {
        var source = Files.writeString(directory.resolve("Counts.java"), """
                class Counts {
                    public static void main(String[] args) {
                        for (var i = 0; ; i++) {
                            System.out.println(i);
                            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                        }
                    }
                }
                """);
        var node = new NodeProcess("node", List.of(JAVA, source.toString()), directory);
        node.start();
        Eventually.await("it counts", BOUND, () -> logOf(node).length() > 10);
        return node;
    }

    /** Waits until it has written nothing for a while; returns what it wrote before. */
    private static String staysStill(NodeProcess node) throws Exception {
        var last = new AtomicReference<>("");
        var since = new AtomicLong(System.nanoTime());
        Eventually.await("it is still", BOUND, () -> {
            var now = logOf(node);
            if (!now.equals(last.getAndSet(now))) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > STILL.toNanos();
        });
        return last.get();
    }

    @Test
    void aWaitThatIsInVainEnds() {
        assertThrows(TimeoutException.class, () -> Eventually.await("never", Duration.ofMillis(30), () -> false));
    }

    @Test
    void portsAreDistinct() throws Exception {
        var found = new HashSet<Integer>();
        for (var search = 0; search < 20; search++) {
            found.addAll(FreePorts.find(20));
        }
        assertEquals(20 * 20, found.size(), "none is found twice though nobody listens there yet");
    }

    private static String logOf(NodeProcess node) {
        try {
            return node.log();
        } catch (IOException e) {
            return e.toString();
        }
    }
}

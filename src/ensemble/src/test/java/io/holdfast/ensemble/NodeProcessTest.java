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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
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
    void aWaitThatIsInVainEnds() {
        assertThrows(TimeoutException.class, () -> Eventually.await("never", Duration.ofMillis(30), () -> false));
    }

    @Test
    void portsAreDistinct() throws Exception {
        assertEquals(20, new HashSet<>(FreePorts.find(20)).size());
    }

    private static String logOf(NodeProcess node) {
        try {
            return node.log();
        } catch (IOException e) {
            return e.toString();
        }
    }
}

package io.holdfast.spring.integration;

import static io.holdfast.spring.integration.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;

/** Registries of two processes with a real node, one of which is killed while it leads. */
@Timeout(300)
class LeaderInitiatorIT {

    private static final String ROLE = "leader";

    private static final Path SERVER_JAR = Path.of("../../server/target/holdfast-server.jar");

    @TempDir
    private static Path directory;

    private static Ensemble ensemble;
    private static HoldfastClient client;

    @BeforeAll
    static void start() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        ensemble = new Ensemble(
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 1).startedOften());
        ensemble.start();
        client = HoldfastClient.builder()
                .endpoints(ensemble.uri(1).toString())
                .ttl(Duration.ofSeconds(60))
                .build();
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        ensemble.close();
    }

    @Test
    void aLeaderWhoseProcessIsKilledIsFollowedByTheOther() throws Exception {
        Path output = directory.resolve("leader.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaderMain.class.getName(),
                        ensemble.uri(1).toString(),
                        ROLE)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await("the process leads", () -> lines(output).contains(LeaderMain.LEADS));
            Leadership leadership = new Leadership();
            LockRegistryLeaderInitiator initiator =
                    Leadership.start(new HoldfastLockRegistry(client), leadership.new Candidate("here", ROLE));
            await("a second one waits", () -> waiters() == 1);
            process.destroyForcibly();
            await("it leads", initiator.getContext()::isLeader);
            initiator.stop();
            await("it was told", () -> leadership.wasTold("revoked here"));
            assertEquals(List.of("granted here", "revoked here"), leadership.told());
        } finally {
            process.destroyForcibly();
        }
    }

    private int waiters() {
        try {
            return client.locks().get(ROLE).waiters().size();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.holdfast.cli.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Nothing that a command started runs any more when another client is granted its lock, whatever became of guard and
 * keeper. The command ignores TERM, and has a child and one that made a session of its own.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class LeaseLossTest {

    private static final String LOCK = "jobs/one";

    /** Each process writes when it was alive. */
    private static final String WORK = """
            trap '' TERM
            beat() { while :; do read -r up _ </proc/uptime; echo "$1 ${up/./}" >>beats; sleep 0.02; done; }
            export -f beat
            beat child &
            setsid bash -c 'trap "" TERM; beat apart' &
            echo up
            beat command
            """;

    @TempDir
    private Path directory;

    /** What goes wrong. */
    private interface Fault {
        void happens(FakeNode node, Held held) throws Exception;
    }

    private void isStopped(int code, boolean announced, Fault fault) throws Exception {
        try (FakeNode node = new FakeNode();
                Held held = new Held.Builder(directory, node.uri())
                        .line("lock " + LOCK + " --ttl 10s --grace 2s")
                        .bash(WORK)) {
            Eventually.await(
                    "all three run",
                    Held.BOUND,
                    () -> (held.text("beats").contains("apart")
                                    && held.text("beats").contains("child"))
                            || !held.isAlive());
            assertTrue(held.isAlive(), held::toString);
            String other = node.take(LOCK, "other");
            fault.happens(node, held);
            Eventually.await("the other client is granted the lock", Held.BOUND, () -> node.grantedAt(other) > 0);
            if (announced) {
                long last = held.text("beats")
                        .lines()
                        .filter(line -> line.matches("\\w+ \\d+"))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                        .max()
                        .orElseThrow();
                assertTrue(last <= node.grantedAt(other), () -> last + " after " + node.grantedAt(other) + " " + held);
            }
            held.resume();
            assertEquals(code, held.exitCode(), held::toString);
            Work left = new Work(held.pid(), "HOLDFAST_LOCK=" + LOCK);
            Eventually.await("nothing runs", Held.BOUND, () -> left.find().isEmpty());
        }
    }

    @Test
    void theEnsembleIsNotReached() throws Exception {
        isStopped(121, true, (node, held) -> {
            node.silence(true);
            held.awaitErr("TERM now, KILL in");
            assertTrue(held.err().contains("lost contact "), held::toString);
            assertEquals(121, held.exitCode(), held::toString);
            node.silence(false);
        });
    }

    @Test
    void theKeeperIsKilled() throws Exception {
        isStopped(121, true, (node, held) -> {
            held.keeper().destroyForcibly();
            held.awaitErr("the process that renews the lease is gone");
            assertTrue(held.err().lines().allMatch(line -> line.startsWith("holdfast: ")), held::toString);
        });
    }

    @Test
    void theKeeperIsStopped() throws Exception {
        isStopped(121, true, (node, held) -> {
            long keeper = held.keeper().pid();
            Held.signal(keeper, "STOP");
            assertEquals(121, held.exitCode(), held::toString);
            Eventually.await(
                    "the keeper is gone",
                    Held.BOUND,
                    () -> !ProcessHandle.of(keeper).map(ProcessHandle::isAlive).orElse(false));
        });
    }

    @Test
    void theGuardIsKilled() throws Exception {
        isStopped(137, true, (node, held) -> {
            long keeper = held.keeper().pid();
            held.signal("KILL");
            Eventually.await(
                    "the keeper has ended",
                    Held.BOUND,
                    () -> ProcessHandle.of(keeper).isEmpty());
            // The keeper removes what the guard had made for itself.
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(
                        List.of(),
                        files.filter(file -> file.getFileName().toString().startsWith("holdfast."))
                                .toList());
            }
        });
    }

    @Test
    void theGuardIsStoppedAndTheEnsembleIsNotReached() throws Exception {
        isStopped(121, true, (node, held) -> {
            held.signal("STOP");
            node.silence(true);
            Work work = new Work(held.pid(), "HOLDFAST_LOCK=" + LOCK);
            Eventually.await(
                    "the keeper killed the command",
                    Held.BOUND,
                    () -> work.find().isEmpty());
            node.silence(false);
        });
    }

    @Test
    void theWaiterIsKilled() throws Exception {
        isStopped(121, true, (node, held) -> {
            long waiter = ProcessHandle.of(held.pid())
                    .orElseThrow()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("/bash"))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            Held.signal(waiter, "KILL");
        });
    }

    @Test
    void anAdministratorTakesTheLock() throws Exception {
        isStopped(121, false, (node, held) -> {
            node.breakHolder(LOCK, 0);
            held.awaitErr("the lock was taken from its holder: KILL");
        });
    }

    @Test
    void anAdministratorAnnouncesToTakeTheLock() throws Exception {
        isStopped(121, true, (node, held) -> {
            node.breakHolder(LOCK, 8_000);
            held.awaitErr("admin takes the lock (maintenance): TERM now, KILL in");
        });
    }

    @Test
    void theEnsembleEndsTheSession() throws Exception {
        isStopped(121, false, (node, held) -> {
            node.endHolder(LOCK);
            held.awaitErr("the ensemble ended the session: KILL");
        });
    }
}

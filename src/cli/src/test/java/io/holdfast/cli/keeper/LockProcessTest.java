package io.holdfast.cli.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code lock} as its user sees it: real processes against one that answers like a node. */
@Timeout(300)
class LockProcessTest {

    @TempDir
    private Path directory;

    private FakeNode node;

    @BeforeEach
    void open() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Held.Builder run(String line) {
        return new Held.Builder(directory, node.uri()).line(line);
    }

    private void awaitFree(String lock) throws Exception {
        Eventually.await("the lock is free", Held.BOUND, () -> node.holder(lock) == 0 && node.waiting(lock) == 0);
    }

    @Test
    void aCommandSeesItsGrantAndItsExitCodeIsPassedOn() throws Exception {
        String script = "read -r line; printf '%s|' \"$line\" \"$1\" \"$2\" \"$HOLDFAST_LOCK\" \"$HOLDFAST_TOKEN\""
                + " \"${HOLDFAST_AUTH_FILE-none}\" \"$HOLDFAST_GRANT\" \"$HOLDFAST_SESSION\";"
                + " . \"$HOLDFAST_LEASE_FILE\"; read -r up _ </proc/uptime;"
                + " echo \"$((deadline > ${up/./})) $token\"; exit 3";
        try (Held held = run("lock a/b c --ttl 60s --status-file status")
                .with("HOLDFAST_AUTH_FILE", secret())
                .reading("typed\n")
                .command("bash", "-c", script, "name", "two words", "*")) {
            assertEquals(3, held.exitCode(), held::toString);
            assertTrue(held.out().startsWith("typed|two words|*|a/b c|1|none|"), held::toString);
            assertTrue(held.out().endsWith("|1 1\n"), held::toString);
            assertEquals("", held.err());
            assertTrue(
                    held.text("status")
                            .startsWith("{\"outcome\":\"exited\",\"exit\":3,\"command\":3,\"locks\":\"a/b c\""),
                    held.text("status"));
            assertEquals(0, node.sessions(), "the session ended before the command did");
        }
        assertEquals(0, leftBehind());
    }

    private String secret() throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("secret");
        Files.writeString(file, "abc\n");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    private long leftBehind() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("holdfast."))
                    .count();
        }
    }

    @Test
    void signalsGoToTheCommandsGroup() throws Exception {
        try (Held held = run("lock a --ttl 60s")
                .bash("trap 'echo got-usr1' USR1; trap 'echo got-int; exit 7' INT; echo up;"
                        + " while :; do sleep 0.05; done")) {
            held.awaitOut("up");
            held.signal("USR1");
            held.awaitOut("got-usr1");
            held.signal("INT");
            assertEquals(7, held.exitCode(), held::toString);
            awaitFree("a");
        }
        try (Held held = run("lock a --ttl 60s").bash("echo up; sleep 1000 & wait")) {
            held.awaitOut("up");
            held.signal("TERM");
            assertEquals(143, held.exitCode(), held::toString);
            assertEquals("", held.err());
            awaitFree("a");
        }
    }

    @Test
    void aLockThatIsHeldIsWaitedForAsLongAsIsSaid() throws Exception {
        String other = node.take("a", "worker-2");
        try (Held held = run("lock a --wait 0s --status-file status").command("true")) {
            assertEquals(120, held.exitCode(), held::toString);
            assertEquals("", held.err());
            assertTrue(held.text("status").startsWith("{\"outcome\":\"not-granted\",\"exit\":120,\"command\":null"));
        }
        try (Held held = run("lock a -v").command("echo", "done")) {
            held.awaitErr("waits behind worker-2 (position 1; held for 4m12s)");
            node.give(other);
            assertEquals(0, held.exitCode(), held::toString);
            assertEquals("done\n", held.out());
            assertTrue(held.err().contains("granted, token 2, after "), held::toString);
        }
    }

    @Test
    void aSignalWhileItWaitsLeavesTheQueue() throws Exception {
        node.take("a", "worker-2");
        try (Held held = run("lock a").command("echo", "done")) {
            Eventually.await("it waits", Held.BOUND, () -> node.waiting("a") == 1);
            held.signal("TERM");
            assertEquals(143, held.exitCode(), held::toString);
            assertEquals(0, node.waiting("a"));
            assertEquals("", held.out());
        }
        try (Held held = run("lock b").command("echo", "done")) {
            // Whatever it is doing at that moment.
            held.keeper();
            held.signal("HUP");
            int code = held.exitCode();
            assertTrue(code == 129 || held.out().equals("done\n"), held + " and " + code);
            awaitFree("b");
        }
    }

    @Test
    void whatCannotBeRunIsToldBeforeTheEnsembleIsAsked() throws Exception {
        refuses(run("lock a").command("no-such-command"), 127, "there is no command no-such-command in PATH");
        refuses(run("lock a").command("./missing"), 127, "there is no command ./missing");
        Files.writeString(directory.resolve("plain"), "text");
        refuses(run("lock a").command("./plain"), 126, "./plain cannot be executed");
        assertEquals(0, node.sessions());
    }

    @Test
    void whatIsWrongWithTheCommandLineIsToldInOneLine() throws Exception {
        refuses(run("lock a --ttl 3s --grace 2s").command("true"), 125, "--grace is 2s; give 0s to 1200ms");
        refuses(run("lock a --signal WINCH").command("true"), 125, "--signal is WINCH");
        refuses(run("lock a//b").command("true"), 125, "'a//b': a lock name has no empty segment");
        refuses(run("lock a --wiat 3s").command("true"), 125, "--wiat");
        refuses(run("elect a b").command("true"), 125, "an election has one name, not 2");
        refuses(run("lock a --status-file /no/such/file").command("true"), 125, "--status-file is /no/such/file");
        refuses(run("lock a").unguarded().command("true"), 125, "give --no-guard");
        assertEquals(0, node.sessions());
    }

    private static void refuses(Held held, int code, String says) throws Exception {
        try (held) {
            assertEquals(code, held.exitCode(), held::toString);
            assertTrue(held.err().startsWith("holdfast: ") && held.err().contains(says), held::toString);
            assertEquals(1, held.err().lines().count(), held::toString);
            assertEquals("", held.out());
        }
    }

    @Test
    void anEnsembleThatIsNotReachedOrRefusesIsTold() throws Exception {
        refuses(
                new Held.Builder(directory, "http://127.0.0.1:1")
                        .line("lock a --timeout 1s")
                        .command("true"),
                122,
                "no node answered");
        node.refuse("forbidden");
        refuses(run("lock a").command("true"), 125, "forbidden");
    }

    @Test
    void aDiskThatTakesNothingStartsNoCommand() throws Exception {
        refuses(run("lock a").with("TMPDIR", "/proc").command("true"), 125, "cannot make files in /proc; set TMPDIR");
        // No file can have a byte, as on a full disk; pipes can.
        try (Held held = run("lock a")
                .through("bash", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\" >/dev/null 2>\"$0\"", "/dev/full")
                .command("true")) {
            assertEquals(125, held.exitCode(), held::toString);
            awaitFree("a");
        }
    }

    @Test
    void whatTheCommandLeftRunningEndsBeforeTheLockIsReleased() throws Exception {
        String other;
        try (Held held = run("lock left/over --ttl 60s --grace 200ms")
                .bash("(trap '' TERM; while :; do sleep 0.05; done) & setsid sleep 1000 & echo left; exit 4")) {
            held.awaitOut("left");
            other = node.take("left/over", "other");
            assertEquals(4, held.exitCode(), held::toString);
            assertTrue(
                    held.err().contains(" processes running, which end before the lock is released"), held::toString);
            Eventually.await("the other holds it", Held.BOUND, () -> node.grantedAt(other) > 0);
            assertTrue(new Work(held.pid(), "HOLDFAST_LOCK=left/over").find().isEmpty());
        }
    }

    @Test
    void aLockWithinALockIsStoppedWithTheOuterOne() throws Exception {
        try (Held outer = run("lock outer --ttl 6s --grace 0s").bash("echo up; exec " + inner())) {
            outer.awaitOut("inner-up");
            node.breakHolder("outer", 0);
            assertEquals(121, outer.exitCode(), outer::toString);
            assertTrue(new Work(outer.pid(), "HOLDFAST_LOCK=inner").find().isEmpty());
            assertFalse(outer.out().contains("inner-end"));
        }
    }

    private static String inner() {
        return "bash '" + Path.of("src/main/bash/guard.bash").toAbsolutePath() + "' '"
                + Path.of(System.getProperty("java.home"), "bin", "java") + "' -Xmx32m -XX:+UseSerialGC"
                + " -Dholdfast.guarded=true -cp '" + System.getProperty("java.class.path")
                + "' io.holdfast.cli.Main lock inner --ttl 60s -- bash -c 'echo inner-up; sleep 1000; echo inner-end'";
    }

    @Test
    void withoutAGuardTheCommandRunsAndIsStoppedToo() throws Exception {
        try (Held held = run("lock a --ttl 60s --no-guard").unguarded().bash("echo token $HOLDFAST_TOKEN; exit 5")) {
            assertEquals(5, held.exitCode(), held::toString);
            assertEquals("token 1\n", held.out());
            assertTrue(held.err().contains("without a guard, nothing stops the command"), held::toString);
            awaitFree("a");
        }
        try (Held held = run("lock a --ttl 60s --no-guard -q").unguarded().bash("echo up; exec sleep 1000")) {
            held.awaitOut("up");
            held.signal("TERM");
            assertEquals(143, held.exitCode(), held::toString);
            awaitFree("a");
        }
        try (Held held = run("lock a --ttl 60s --no-guard").unguarded().command("no-such-command")) {
            assertEquals(127, held.exitCode(), held::toString);
            awaitFree("a");
        }
    }
}

package io.holdfast.cli.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code elect}, commands on a terminal, and the page about both: real processes against one that answers like a node.
 */
@Timeout(300)
class HoldProcessTest {

    private static final Path PAGE = Path.of("../../docs/guides/lock-command.md");

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

    @Test
    void aCandidateStandsAgainWhenItsCommandHasEnded() throws Exception {
        try (Held held = run("elect jobs --ttl 60s --candidate pod-1 --metadata {\"at\":\"here\"}")
                .bash("echo token $HOLDFAST_TOKEN; [ $HOLDFAST_TOKEN -gt 2 ] || exit 1; trap 'exit 9' TERM;"
                        + " while :; do sleep 0.05; done")) {
            held.awaitOut("token 3\n");
            assertEquals("token 1\ntoken 2\ntoken 3\n", held.out());
            assertEquals("{\"candidate\":\"pod-1\",\"metadata\":{\"at\":\"here\"}}", node.metadata("jobs"));
            held.signal("TERM");
            assertEquals(9, held.exitCode(), held::toString);
            Eventually.await("the session ended", Held.BOUND, () -> node.sessions() == 0);
        }
        try (Held held = run("elect jobs --ttl 60s --once").bash("exit 6")) {
            assertEquals(6, held.exitCode(), held::toString);
        }
    }

    @Test
    void aCandidateThatLostItsLeadershipStandsAgain() throws Exception {
        try (Held held = run("elect jobs --ttl 6s --grace 1s").bash("echo token $HOLDFAST_TOKEN; exec sleep 1000")) {
            held.awaitOut("token 1\n");
            node.breakHolder("jobs", 0);
            held.awaitOut("token 2\n");
            assertTrue(held.err().contains("the lock was taken from its holder: KILL"), held::toString);
        }
    }

    @Test
    void aCandidateStandsOnlyWhileItIsEligible() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer readiness = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        readiness.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
            asked.incrementAndGet();
        });
        readiness.start();
        String url = "http://127.0.0.1:" + readiness.getAddress().getPort() + "/ready";
        try (Held held =
                run("elect jobs --ttl 60s --once --eligible-url " + url).command("echo", "leads")) {
            Eventually.await("it is asked", Held.BOUND, () -> asked.get() >= 2);
            assertEquals(0, node.sessions());
            status.set(200);
            assertEquals(0, held.exitCode(), held::toString);
            assertEquals("leads\n", held.out());
        } finally {
            readiness.stop(0);
        }
    }

    @Test
    void controlCAndControlZReachACommandOnATerminal() throws Exception {
        Held.Builder run = run("lock a --ttl 60s")
                .scripted(
                        "run",
                        "bash",
                        "-c",
                        "trap 'echo got-int; exit 7' INT; read -r word; echo read $word; "
                                + "echo ready; while :; do sleep 0.05; done");
        try (Held terminal = run.typing().program("script", "-qec", "bash --norc -i", "/dev/null")) {
            terminal.type("PS1='> '; set +o history; bash run; echo code=$?\n");
            Eventually.await("it is held", Held.BOUND, () -> node.holder("a") == 1);
            terminal.type("word\n");
            terminal.awaitOut("ready");
            assertTrue(terminal.out().contains("read word"), terminal::toString);
            terminal.type("\032");
            terminal.awaitOut("Stopped");
            assertEquals(1, node.holder("a"), "the lock of a stopped command");
            terminal.type("echo now; fg; echo foreground=$?\n");
            terminal.awaitOut("now\r\nbash run\r\n");
            terminal.type("\003");
            terminal.awaitOut("got-int");
            terminal.awaitOut("foreground=7");
            Eventually.await("it is free", Held.BOUND, () -> node.holder("a") == 0);
            terminal.type("exit\n");
            terminal.exitCode();
        }
    }

    @Test
    void theCommandsOfThePageRun() throws Exception {
        List<String> blocks = new ArrayList<>();
        String[] parts = Files.readString(PAGE).split("```", -1);
        for (int i = 1; i < parts.length; i += 2) {
            if (parts[i].startsWith("sh\n")) {
                blocks.add(parts[i].substring(3));
            }
        }
        assertEquals(7, blocks.size());
        Files.writeString(directory.resolve("close.sh"), "#!/bin/sh\necho closed\n");
        Files.writeString(directory.resolve("nightly.sh"), "#!/bin/sh\necho ran\n");
        String script = "set -eu\nchmod +x close.sh nightly.sh\n"
                + "holdfast() { case \" $* \" in *' --no-guard '*) plain \"$@\" ;; *) guarded \"$@\" ;; esac; }\n"
                + "guarded() { bash '" + Held.GUARD + "' " + Held.jvm(true) + " \"$@\"; }\n"
                + "plain() { " + Held.jvm(false) + " \"$@\"; }\n"
                + String.join("\n", blocks).replace("export HOLDFAST_ENDPOINTS=", ": ");
        try (Held page = run("").program("bash", "-c", script)) {
            assertEquals(0, page.exitCode(), page::toString);
            String said = page.out().replaceAll("token \\d+", "token N");
            assertEquals("""
                    closed
                    ran
                    accounts/7 has token N
                    the lease lasts
                    {"outcome":"exited","exit":121,"command":121,"locks":"jobs/nightly","grant":"ID","token":N}
                    both
                    a reader
                    two of four
                    leading
                    done
                    """, said.replaceAll("\"grant\":\"[^\"]+\",\"token\":\\d+", "\"grant\":\"ID\",\"token\":N"));
            assertEquals("", page.err());
        }
    }
}

package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The walks of the security page, as a reader types them, with a node that the page has started. */
@Timeout(600)
class SecurityPageIT {

    private static final Path PAGE = Path.of("../../docs/security.md");
    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final Path COMMAND_JAR = Path.of("target/holdfast-cli.jar");
    private static final Duration BOUND = Duration.ofSeconds(400);
    private static final Pattern WALKS = Pattern.compile("(?s)\n## Step by step\n(.*?)\n## ");
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final Pattern CODE = Pattern.compile("(.*?)  # (\\d+)");

    /** Ends what the page starts, however the script ends. */
    private static final String HEAD = """
            set -euo pipefail
            up=""
            end() { [ -z "$up" ] || { kill "$up" 2>/dev/null; wait "$up"; cat up.log; } || true; }
            trap end EXIT
            trap 'exit 1' TERM
            ends() {
                code=0
                "${@:2}" || code=$?
                [ "$code" = "$1" ] || { echo "exit code $code instead of $1: ${*:2}"; exit 1; }
            }
            """;

    @TempDir
    private Path directory;

    /** The commands with their exit codes; what the page starts goes on behind, once it says that it is up. */
    private static String script(String page, int port) {
        Matcher walks = WALKS.matcher(page);
        assertTrue(walks.find(), "the page has no walks");
        StringBuilder script = new StringBuilder(HEAD);
        Matcher block = BLOCK.matcher(walks.group(1));
        while (block.find()) {
            for (String line : block.group(1).split("\n")) {
                script.append(command(line.replace("7201", Integer.toString(port)), port))
                        .append('\n');
            }
        }
        return script.append("echo 'end of the page'\n").toString();
    }

    private static String command(String line, int port) {
        if (line.startsWith("./holdfast up ")) {
            return line + " --port " + port + " >up.log 2>&1 & up=$!\n"
                    + "until grep -q 'is up' up.log; do kill -0 $up; sleep 0.2; done";
        }
        Matcher code = CODE.matcher(line);
        return code.matches() ? "ends " + code.group(2) + " env " + code.group(1) : line;
    }

    @Test
    void theWalksOfThePageEndAsTheySay() throws Exception {
        for (String tool : List.of("curl", "openssl")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "NOT TESTED: there is no " + tool);
        }
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(home.resolve("lib"));
        Files.copy(
                Path.of("../../holdfast"), home.resolve("holdfast"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(COMMAND_JAR, home.resolve("lib/holdfast-cli.jar"));
        Files.copy(Path.of("src/main/bash/guard.bash"), home.resolve("lib/guard.bash"));
        // No archive of classes is made of a node that runs once.
        Files.writeString(directory.resolve("cache"), "a file");
        Path script = Files.writeString(directory.resolve("walks.sh"), script(Files.readString(PAGE), freePort()));
        List<String> command = List.of(
                "env",
                "-C",
                home.toString(),
                "-u",
                "JAVA_OPTS",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "HOLDFAST_SERVER_JAR=" + SERVER_JAR.toAbsolutePath(),
                "HOLDFAST_TIMEOUT=120s",
                "XDG_CACHE_HOME=" + directory.resolve("cache"),
                "XDG_CONFIG_HOME=" + directory.resolve("config"),
                "bash",
                script.toString());
        try (NodeProcess process = new NodeProcess("walks", command, directory)) {
            process.start();
            try {
                assertEquals(0, process.awaitExit(BOUND), process.log());
            } finally {
                process.stop();
            }
            String said = process.log();
            assertTrue(said.contains("end of the page"), said);
            assertTrue(said.contains("+ policy payments: acquire payments/"), said);
            assertEquals(
                    2,
                    said.lines()
                            .filter(line -> line.startsWith("key:ops, until "))
                            .count(),
                    said);
        }
    }

    /** One whose peer port is free, too. */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = http.getLocalPort();
                if (port <= 65_400 && isFree(port + 100)) {
                    return port;
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket peer = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return peer.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The entry point of the server's image as it stands, in a root directory that is laid out like the image, with the
 * runtime of this build in place of the image's and without the archive of classes. Where the machine allows it the
 * root is read-only and the user the image's; elsewhere paths are put before those of the entry point.
 */
class ServerImageIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final Path JAR = Path.of("../server/target/holdfast-server.jar");
    private static final String IN_A_ROOT_OF_ITS_OWN = """
            set -e
            root=$1 runtime=$2 user=$3
            shift 3
            mount --make-rprivate /
            mount --bind "$root" "$root"
            for part in lib lib64 usr etc proc dev; do
                [ ! -d "/$part" ] || { mkdir -p "$root/$part"; mount --rbind "/$part" "$root/$part"; }
            done
            mount --bind "$runtime" "$root/opt/holdfast/java"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            mount -t tmpfs -o mode=1777 tmpfs "$root/data"
            mount -o remount,ro,bind "$root"
            exec chroot "$root" setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs \\
                --inh-caps=-all --bounding-set=-all "$@"
            """;

    @TempDir
    private Path directory;

    @Test
    void theEntryPointServesAsItsUserOnAReadOnlyRoot() throws Exception {
        var file = Dockerfile.read();
        var user = file.arguments("server", "USER").get(0);
        var root = layout();
        var isolated = isIsolated(root);
        var command = new ArrayList<String>();
        if (isolated) {
            var runtime = System.getProperty("java.home");
            command.addAll(List.of("unshare", "--mount", "bash", "-c", IN_A_ROOT_OF_ITS_OWN, "root"));
            command.addAll(List.of(root.toString(), runtime, user));
            command.addAll(file.entryPoint("server"));
        } else {
            Files.delete(root.resolve("opt/holdfast/java"));
            Files.createSymbolicLink(root.resolve("opt/holdfast/java"), Path.of(System.getProperty("java.home")));
            file.entryPoint("server")
                    .forEach(word -> command.add(word.replace("/opt/holdfast/", root + "/opt/holdfast/")));
        }
        var port = freePort();
        var environment = new TreeMap<>(file.environment("server"));
        environment.putAll(Map.of(
                "HOLDFAST_SINGLE_NODE", "true",
                "HOLDFAST_PEER_PORT", "0",
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "QUARKUS_SHUTDOWN_DELAY", "0s"));
        if (!isolated) {
            environment.compute("HOLDFAST_DATA_DIR", (key, data) -> root + data);
        }
        var log = directory.resolve("log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(key -> !key.equals("PATH"));
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            Eventually.await("the node is ready", BOUND, () -> isReady(port) || !process.isAlive());
            assertTrue(process.isAlive(), () -> text(log));
            var seen = isolated ? Path.of("/proc/" + process.pid() + "/root") : root;
            try (var data = Files.list(seen.resolve("data"))) {
                assertTrue(data.findAny().isPresent(), "what it keeps is in /data");
            }
            if (isolated) {
                var status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
                assertTrue(status.contains("\nUid:\t" + user.substring(0, user.indexOf(':')) + "\t"), status);
                assertTrue(status.contains("\nCapEff:\t0000000000000000\n"), status);
            }
            process.destroy();
            assertTrue(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS));
            assertEquals(143, process.exitValue(), () -> text(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private Path layout() throws IOException {
        var root = directory.resolve("root").toAbsolutePath();
        for (var part : List.of("opt/holdfast/java", "data", "tmp")) {
            Files.createDirectories(root.resolve(part));
        }
        Files.copy(JAR, root.resolve("opt/holdfast/holdfast-server.jar"));
        return root;
    }

    private boolean isIsolated(Path root) throws Exception {
        var check = new ProcessBuilder(
                        "bash",
                        "-c",
                        "command -v setpriv && unshare --mount mount -t tmpfs tmpfs \"$1\"",
                        "check",
                        root.resolve("tmp").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("check").toFile())
                .start();
        return check.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS) && check.exitValue() == 0;
    }

    private static boolean isReady(int port) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

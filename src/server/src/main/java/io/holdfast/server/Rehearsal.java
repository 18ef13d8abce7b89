package io.holdfast.server;

import io.holdfast.server.replica.ExitCode;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A training run: a node alone, on free ports of the loopback address and with a directory of its own, gets some
 * requests and ends. What the JVM learnt it writes where its options say ({@code -XX:ArchiveClassesAtExit},
 * {@code -XX:AOTCacheOutput}), for the nodes that start later.
 */
final class Rehearsal {

    private static final String NAME = "rehearse";
    private static final String PORT = "quarkus.http.port";
    private static final int CYCLES_MAX = 1_000_000;
    private static final Duration START_BOUND = Duration.ofMinutes(5);
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Pattern SESSION = Pattern.compile("\"id\":\\s*\"([^\"]+)\"");
    private static final int CYCLES_BETWEEN_KEEPALIVES = 200;

    private final int cycles;
    private final Path directory;
    private final PrintStream err;

    private Rehearsal(int cycles, Path directory, PrintStream err) {
        this.cycles = cycles;
        this.directory = directory;
        this.err = err;
    }

    static boolean isNamed(String... words) {
        return words.length > 0 && words[0].equals(NAME);
    }

    /** Runs it to the end of the process; how often a lock is acquired and released is the second word. */
    static void run(PrintStream err, String... words) {
        int cycles = words.length == 2 ? cycles(words[1]) : -1;
        if (cycles < 0) {
            err.println("holdfast: " + NAME + " wants one number, 0 to " + CYCLES_MAX
                    + ": how often a lock is acquired and released.");
            System.exit(ExitCode.BAD_CONFIGURATION.code());
        }
        Path directory;
        try {
            directory = Files.createTempDirectory("holdfast-rehearsal");
        } catch (IOException e) {
            err.println("holdfast: " + NAME + " can make no directory for its node: " + e.getMessage() + ".");
            System.exit(ExitCode.COMMAND_FAILED.code());
            return;
        }
        var rehearsal = new Rehearsal(cycles, directory, err);
        settings(directory).forEach(System::setProperty);
        var client = new Thread(rehearsal::beClient, NAME);
        client.setDaemon(true);
        client.start();
        Quarkus.run(null, (code, failure) -> {
            rehearsal.clear();
            System.exit(Main.exitCode(code, failure));
        });
    }

    private static Map<String, String> settings(Path directory) {
        return Map.of(
                "quarkus.http.host",
                "127.0.0.1",
                PORT,
                "0",
                "quarkus.shutdown.delay",
                "0s",
                "holdfast.single-node",
                "true",
                "holdfast.peer.port",
                "0",
                "holdfast.data-dir",
                directory.toString());
    }

    private static int cycles(String word) {
        try {
            int cycles = Integer.parseInt(word);
            return cycles > CYCLES_MAX ? -1 : cycles;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void beClient() {
        int code = ExitCode.COMMAND_FAILED.code();
        try {
            URI node = awaitReady();
            acquireAndRelease(node);
            code = ExitCode.DONE.code();
        } catch (IOException e) {
            err.println("holdfast: " + NAME + " failed: " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Quarkus.asyncExit(code);
        }
    }

    /** Where the node listens: Quarkus writes the port that it got over the one that it was to open. */
    private static URI awaitReady() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        HttpClient client = HttpClient.newHttpClient();
        while (System.nanoTime() - begun < START_BOUND.toNanos()) {
            URI node = URI.create("http://127.0.0.1:" + System.getProperty(PORT));
            if (node.getPort() > 0
                    && send(client, node, "GET", "/q/health/ready", "").statusCode() == 200) {
                return node;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IOException("the node was not ready in time");
    }

    private void acquireAndRelease(URI node) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        String opened = send(client, node, "POST", "/v1/sessions", "{\"ttl\":\"60s\",\"name\":\"rehearsal\"}")
                .body();
        Matcher session = SESSION.matcher(opened);
        if (!session.find()) {
            throw new IOException("no session was opened: " + opened);
        }
        String id = session.group(1);
        for (int i = 0; i < cycles; i++) {
            String grant = "/v1/grants/" + id + "." + i;
            String wanted = "{\"session\":\"" + id + "\",\"lock\":\"rehearsal/" + i % 10 + "\"}";
            send(client, node, "PUT", grant, wanted);
            send(client, node, "GET", "/v1/locks?limit=1", "");
            send(client, node, "DELETE", grant, "");
            if (i % CYCLES_BETWEEN_KEEPALIVES == 0) {
                send(client, node, "POST", "/v1/sessions/" + id + "/keepalive", "");
            }
        }
    }

    private static HttpResponse<String> send(HttpClient client, URI node, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(node.resolve(path))
                .timeout(ANSWER_BOUND)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void clear() {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            err.println("holdfast: " + directory + " is left: " + e.getMessage() + ".");
        }
    }
}

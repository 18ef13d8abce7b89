package io.holdfast.sidecar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
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
import java.util.Optional;
import java.util.TreeMap;

/** A packaged sidecar as a process, with the options that the guide names. */
final class SidecarProcess implements AutoCloseable {

    static final Path JAR = Path.of("target", "holdfast-sidecar.jar");

    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC", "-Xmx24m", "-Xss256k", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=16m");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final NodeProcess process;
    private final int port;
    private final int probes;

    SidecarProcess(String name, Path directory, List<Integer> ports, Map<String, String> settings) throws IOException {
        port = ports.get(0);
        probes = ports.get(1);
        Map<String, String> all = new TreeMap<>(settings);
        all.put("HOLDFAST_CANDIDATE", name);
        all.put("HOLDFAST_LISTEN", "127.0.0.1:" + port);
        all.put("HOLDFAST_PROBE_LISTEN", "127.0.0.1:" + probes);
        process = new NodeProcess(name, command(all, List.of()), directory);
    }

    static List<String> command(Map<String, String> settings, List<String> arguments) {
        assertTrue(Files.isRegularFile(JAR), "these tests run after mvn package, as mvn verify does");
        List<String> command = new ArrayList<>(List.of("env"));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        command.addAll(arguments);
        return command;
    }

    NodeProcess process() {
        return process;
    }

    int port() {
        return port;
    }

    int probes() {
        return probes;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The status; 0 when there is no answer. */
    int status(String path) {
        return answer(uri(path)).map(HttpResponse::statusCode).orElse(0);
    }

    int probe(String path) {
        return answer(URI.create("http://127.0.0.1:" + probes + path))
                .map(HttpResponse::statusCode)
                .orElse(0);
    }

    String get(String path) {
        return answer(uri(path)).map(HttpResponse::body).orElse("");
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Optional<HttpResponse<String>> answer(URI uri) {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
        try {
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    boolean leads() {
        return status("/isLeader") == 200;
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}

package io.holdfast.server.offline;

import io.holdfast.zab.log.BackupFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** {@code backup}: fetches a backup from a node; the file has its name only when it was verified. */
final class Fetch {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(2);
    private static final int PROBLEM_CHARS_MAX = 2_000;

    private final PrintStream out;

    Fetch(PrintStream out) {
        this.out = out;
    }

    void run(List<String> words) throws CommandException, IOException {
        Arguments given = new Arguments("backup", words, Set.of("--port", "--url"));
        Path file = Path.of(given.file("the name of the file to write"));
        String url = url(given);
        if (Files.exists(file)) {
            throw CommandException.failed(file + " exists already. Nothing was fetched: choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            fetch(given, url, part);
            try (BackupFile backup = BackupFile.open(part.toString())) {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                out.println("Backed up ensemble '" + backup.clusterId() + "' to " + file + ": revision "
                        + backup.snapshot().at().zxid() + ", " + Files.size(file) + " bytes, verified.");
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String url(Arguments given) throws CommandException {
        String port = given.option("--port");
        String url = given.option("--url");
        if ((port == null) == (url == null)) {
            throw given.bad(
                    "wants either --port with the HTTP port of a node on this machine, or --url with that of another");
        }
        return url == null ? "http://localhost:" + port : url;
    }

    private static void fetch(Arguments given, String url, Path part) throws CommandException, IOException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_BOUND)
                .build();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + "/v1/cluster/backup"))
                    .timeout(ANSWER_BOUND)
                    .build();
            HttpResponse<Path> answer = client.send(request, HttpResponse.BodyHandlers.ofFile(part));
            if (answer.statusCode() != 200) {
                String said = Files.readString(part, StandardCharsets.UTF_8);
                throw CommandException.failed(url + " answered with " + answer.statusCode() + ": "
                        + said.substring(0, Math.min(said.length(), PROBLEM_CHARS_MAX)));
            }
        } catch (IllegalArgumentException e) {
            throw given.bad("has --url " + url + ", which is no http address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw CommandException.failed(
                    "No whole backup came from " + url + " (" + why + "). Try again, or ask another node.");
        }
    }
}

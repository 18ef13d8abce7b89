package io.holdfast.server.offline;

import io.holdfast.server.store.Place;
import io.holdfast.zab.log.BackupFile;
import io.holdfast.zab.log.BackupRefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code backup}: fetches a backup from a node. A file has its name only when it was verified; what is stored at a
 * place is read back and compared.
 */
final class Fetch {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(2);

    /** Longer than a node may need until it begins; once it sends, it says something far more often. */
    private static final Duration SILENCE_BOUND = Duration.ofSeconds(150);

    private static final int PROBLEM_CHARS_MAX = 2_000;

    /** Of no backup: to see whether a place could be one. */
    private static final BackupFacts SAMPLE = new BackupFacts("", 1, "1-1", 0, "", Instant.EPOCH, 1);

    private static final String TO = "--to";

    private final PrintStream out;
    private final Report report;
    private final Duration silence;

    Fetch(PrintStream out, Report report) {
        this(out, report, SILENCE_BOUND);
    }

    /** As {@link #Fetch(PrintStream, Report)}, with a node given up after that time without a byte. */
    Fetch(PrintStream out, Report report, Duration silence) {
        this.out = out;
        this.report = report;
        this.silence = silence;
    }

    void run(List<String> words) throws CommandException, IOException {
        Arguments given = new Arguments("backup", words, Kept.options("--port", "--url", TO, Report.OPTION));
        String to = given.option(TO);
        if (to != null) {
            store(given, given.fileOr(TO, "the name of the file to write"), url(given));
            return;
        }
        Path file = Path.of(given.file("the name of the file to write, or " + TO));
        String url = url(given);
        if (Files.exists(file)) {
            throw CommandException.failed(file + " exists already. Nothing was fetched: choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            fetch(given, url, part);
            try (BackupFile backup = BackupFile.open(part.toString())) {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                tell(BackupFacts.of(backup, file), file.toString(), false);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void tell(BackupFacts facts, String location, boolean reused) throws CommandException {
        out.println("Backed up ensemble '" + facts.clusterId() + "' to " + location + ": revision " + facts.revision()
                + ", " + facts.bytes() + " bytes, verified" + (reused ? "; it was there already." : "."));
        if (report.isAsked()) {
            report.done(facts.line(location, reused));
        }
    }

    private void store(Arguments given, String to, String url) throws CommandException, IOException {
        // What is wrong with the place is told before anything is fetched.
        Kept.place(given, SAMPLE.named(to)).close();
        Path copy = Kept.scratch(given);
        try {
            fetch(given, url, copy);
            BackupFacts facts;
            try (BackupFile backup = BackupFile.open(copy.toString())) {
                facts = BackupFacts.of(backup, copy);
            }
            try (Place place = Kept.place(given, facts.named(to))) {
                boolean stored = place.put(copy);
                tell(stored ? readBack(place, facts) : already(given, place, facts), place.location(), !stored);
            }
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static BackupFacts readBack(Place place, BackupFacts facts) throws CommandException, IOException {
        MessageDigest sha = BackupFacts.digest();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha)) {
            if (!place.copyTo(out) || !HexFormat.of().formatHex(sha.digest()).equals(facts.sha256())) {
                throw CommandException.failed("What was read back from " + place.location()
                        + " is not what was stored there" + removed(place) + ": run the command again");
            }
        }
        return facts;
    }

    /** What this command stored, and is no backup, would keep the name from the next one. */
    private static String removed(Place place) {
        try {
            place.delete();
            return ", and was removed";
        } catch (IOException e) {
            return ", and could not be removed (" + e.getMessage() + ")";
        }
    }

    /** An earlier try may have stored the same state, and been ended before it could say so. */
    private static BackupFacts already(Arguments given, Place place, BackupFacts facts)
            throws CommandException, IOException {
        try (Kept kept = Kept.of(given, place)) {
            BackupFacts there = kept == null ? null : BackupFacts.of(kept.backup(), kept.file());
            if (there == null) {
                throw CommandException.failed("Another process stores or deletes " + place.location()
                        + " at this moment. Nothing was stored: run the command again");
            }
            if (there.isSameState(facts)) {
                return there;
            }
        } catch (BackupRefusedException e) {
            throw CommandException.failed(place.location() + " exists already and is no whole backup (" + e.getMessage()
                    + "). Nothing was stored: choose another name");
        }
        throw CommandException.failed(
                place.location() + " exists already, with another state. Nothing was stored: choose another name");
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

    private void fetch(Arguments given, String url, Path part) throws CommandException, IOException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_BOUND)
                .build();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + "/v1/cluster/backup"))
                    .timeout(ANSWER_BOUND)
                    .build();
            HttpResponse<Path> answer = whole(client.sendAsync(request, HttpResponse.BodyHandlers.ofFile(part)), part);
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

    /** Waits as long as bytes arrive: the client's own bound ends with the head of the answer. */
    private HttpResponse<Path> whole(CompletableFuture<HttpResponse<Path>> answer, Path part)
            throws IOException, InterruptedException {
        long before = -1;
        while (true) {
            try {
                return answer.get(silence.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = Files.exists(part) ? Files.size(part) : 0;
                if (now == before) {
                    answer.cancel(true);
                    throw new IOException("it sent nothing for " + silence.toSeconds() + " s", e);
                }
                before = now;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
            }
        }
    }
}

package io.holdfast.server.offline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.server.store.FakeStore;
import io.holdfast.server.store.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups to and from a store that speaks S3, and to and from files, as a program asks for them. */
class StoredBackupsTest {

    private static final long NOW = Copy.MADE_AT + 60_000;
    private static final String OBJECT = "/backups/orders/1/7-11.backup";
    private static final String TO = "s3://backups/orders/";

    @TempDir
    Path temp;

    private Copy copy;
    private byte[] bytes;
    private Path report;
    private Path scratch;
    private FakeStore store;
    private HttpServer node;
    private int status = 200;

    @BeforeEach
    void begin() throws IOException {
        copy = new Copy(temp.resolve("node-2"));
        bytes = Files.readAllBytes(copy.backup(temp.resolve("orders.backup")));
        report = temp.resolve("report");
        scratch = Files.createDirectories(temp.resolve("scratch"));
        store = new FakeStore().withCredentials();
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/v1/cluster/backup", exchange -> {
            exchange.sendResponseHeaders(status, bytes.length);
            try (exchange) {
                exchange.getResponseBody().write(bytes);
            }
        });
        node.start();
    }

    @AfterEach
    void end() throws IOException {
        node.stop(0);
        store.close();
        try (var left = Files.list(scratch)) {
            assertEquals(List.of(), left.toList(), "a command leaves nothing behind");
        }
    }

    /** Runs a command, and returns the line that it reported. */
    private JsonNode run(int code, Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--report", report, "--s3-endpoint", store.endpoint(), "--scratch", scratch));
        Files.deleteIfExists(report);
        String said = copy.run(code, NOW, all.toArray());
        String line = Files.readString(report);
        assertEquals(1, said.lines().filter(line.strip()::equals).count(), said);
        assertTrue(line.length() < 4_000, line);
        return new ObjectMapper().readTree(line);
    }

    private JsonNode backUp(int code, String to) throws IOException {
        return run(
                code, "backup", "--url", "http://127.0.0.1:" + node.getAddress().getPort(), "--to", to);
    }

    private JsonNode restore(int code, String from, Path data, String... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of("restore", "--from", from, "--data", data));
        words.addAll(List.of("--node", 7, "--address", "localhost:7301"));
        words.addAll(List.of(more));
        return run(code, words.toArray());
    }

    @Test
    void aBackupGoesToAnObjectAndComesBackFromIt() throws IOException {
        JsonNode stored = backUp(0, TO);
        assertEquals("completed", stored.path("outcome").asText());
        assertEquals("s3:/" + OBJECT, stored.path("location").asText());
        assertEquals("orders", stored.path("clusterId").asText());
        assertEquals("7-11", stored.path("revision").asText());
        assertEquals(1, stored.path("generation").asLong());
        assertEquals(bytes.length, stored.path("bytes").asLong());
        assertEquals(64, stored.path("sha256").asText().length());
        assertFalse(stored.path("reused").asBoolean());
        assertArrayEquals(bytes, store.objects.get(OBJECT));

        JsonNode again = backUp(0, TO);
        assertTrue(again.path("reused").asBoolean(), again::toString);
        assertEquals(stored.path("sha256"), again.path("sha256"));

        Path data = temp.resolve("restored");
        copy.environment.put("HOLDFAST_JOIN", "10.0.0.1:7101");
        JsonNode joins = restore(0, "s3:/" + OBJECT, data, "--if-empty");
        assertEquals("unchanged", joins.path("outcome").asText(), "the others have its state");
        assertFalse(Files.exists(data));
        copy.environment.clear();
        copy.environment.put("HOLDFAST_GENERATION", "1795276800123");
        JsonNode known = restore(0, "s3:/" + OBJECT, data, "--if-empty");
        assertEquals("unchanged", known.path("outcome").asText(), "a restore makes another generation");
        assertFalse(Files.exists(data));
        copy.environment.clear();
        JsonNode restored = restore(0, "s3:/" + OBJECT, data, "--if-empty");
        assertEquals(NOW, restored.path("generation").asLong());
        assertEquals("7-11", restored.at("/from/revision").asText());
        assertEquals(
                "unchanged",
                restore(0, "s3://backups/gone", data, "--if-empty")
                        .path("outcome")
                        .asText());
        assertEquals(73, restore(73, "s3:/" + OBJECT, data).path("exit").asInt());

        assertTrue(run(0, "delete", "--from", "s3:/" + OBJECT).path("deleted").asBoolean());
        assertFalse(run(0, "delete", "--from", "s3:/" + OBJECT).path("deleted").asBoolean());
        assertEquals(0, store.objects.size());
    }

    @Test
    void whatAStoreHasUnderTheNameIsNeverReplacedAndWhatItKeepsIsReadBack() throws IOException {
        store.plain = true;
        assertFalse(backUp(0, TO).path("reused").asBoolean());
        assertTrue(backUp(0, TO).path("reused").asBoolean(), "also where a store knows no conditions");
        for (boolean plain : new boolean[] {true, false}) {
            store.plain = plain;
            store.objects.put(OBJECT, "something else".getBytes(StandardCharsets.UTF_8));
            JsonNode taken = backUp(66, TO);
            assertTrue(taken.path("message").asText().contains("exists already"), taken::toString);
            assertEquals(14, store.objects.get(OBJECT).length);
        }
        assertEquals(
                65, run(65, "delete", "--from", "s3:/" + OBJECT).path("exit").asInt());
        assertEquals(
                65,
                restore(65, "s3:/" + OBJECT, temp.resolve("none")).path("exit").asInt());
        store.objects.put(OBJECT, new byte[0]);
        assertEquals(
                65, run(65, "delete", "--from", "s3:/" + OBJECT).path("exit").asInt());
        store.objects.clear();
        store.busy = true;
        assertTrue(backUp(66, TO).path("message").asText().contains("run the command again"));
        store.busy = false;
        store.forgetful = true;
        assertTrue(backUp(66, TO).path("message").asText().contains("read back"));
        assertEquals(0, store.objects.size(), "it does not keep the name from the next try");
    }

    @Test
    void whatAStoreOrANodeRefusesIsTold() throws IOException {
        System.setProperty("aws.secretAccessKey", "wrong");
        assertTrue(
                backUp(66, TO).path("message").asText().contains("403 SignatureDoesNotMatch: give other credentials"));
        store.withCredentials();
        JsonNode absent = restore(66, "s3://backups/none", temp.resolve("none"));
        assertTrue(absent.path("message").asText().contains("there is no object"), absent::toString);
        status = 503;
        bytes = "{\"type\":\"not-ready\"}".getBytes(StandardCharsets.UTF_8);
        assertTrue(backUp(66, TO).path("message").asText().contains("503"));
        status = 200;
        assertEquals("failed", backUp(65, TO).path("outcome").asText());
        assertEquals(64, backUp(64, "gs://bucket/key").path("exit").asInt());
        assertEquals(
                64,
                run(64, "delete", "--from", "s3://backups/a", "--dry")
                        .path("exit")
                        .asInt());
        assertFalse(Files.exists(temp.resolve("none")));
    }

    @Test
    void aNodeThatSendsNoMoreIsGivenUp() throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        node.createContext("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, 10);
            exchange.getResponseBody().flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        Path file = temp.resolve("stalled.backup");
        String url = "http://127.0.0.1:" + node.getAddress().getPort() + "/stalls";
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Report none = Report.of(List.of("backup"), nowhere, nowhere);
        try {
            Fetch fetch = new Fetch(nowhere, none, Duration.ofMillis(200));
            List<String> words = List.of("--url", url, file.toString());
            CommandException refused = assertThrows(CommandException.class, () -> fetch.run(words));
            assertTrue(refused.getMessage().contains("sent nothing"), refused::getMessage);
            assertFalse(Files.exists(file));
        } finally {
            ended.countDown();
        }
    }

    @Test
    void aMountedDirectoryTakesBackupsTheSameWay() throws IOException {
        String directory = temp.resolve("claim/orders").toString();
        JsonNode stored = backUp(0, directory + "/{generation}/{revision}-u1.backup");
        Path file = Path.of(directory, "1", "7-11-u1.backup");
        assertEquals(file.toString(), stored.path("location").asText());
        assertArrayEquals(bytes, Files.readAllBytes(file));
        assertTrue(backUp(0, "file://" + file).path("reused").asBoolean());
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count(), "no parts are left");
        }
        assertEquals(
                "completed",
                restore(0, file.toString(), temp.resolve("data"))
                        .path("outcome")
                        .asText());
        assertTrue(copy.run(0, NOW, "verify", "--from", "file://" + file).contains("revision 7-11"));
        Path notes = Files.writeString(file.resolveSibling("notes"), "mine");
        run(65, "delete", "--from", notes);
        assertTrue(Files.exists(notes));
        assertTrue(run(0, "delete", "--from", file).path("deleted").asBoolean());
        assertFalse(Files.exists(file));
        assertEquals(
                64, run(64, "delete", "--from", file.getParent()).path("exit").asInt());
    }

    @Test
    void anOutcomeIsOneLineAlsoWhenItsFileCannotBeWritten() {
        Path nowhere = temp.resolve("none/report");
        String said = copy.run(66, NOW, "recover", "--data", copy.directory, "--report", nowhere);
        List<String> lines = said.lines().filter(line -> line.startsWith("{")).toList();
        assertEquals(1, lines.size(), said);
        assertTrue(lines.get(0).contains("\"outcome\":\"failed\""), said);
        assertTrue(lines.get(0).contains("did what it was asked"), said);
    }

    @Test
    void aFileIsReadWhateverTheEnvironmentSaysOfStores() throws Exception {
        Arguments given = new Arguments("verify", List.of(), Kept.options("--from"));
        Map<String, String> environment = Map.of("AWS_ENDPOINT_URL", "http://store/path", "AWS_REGION", "Nowhere!");
        try (Place file = Kept.place(given, "orders.backup", environment)) {
            assertTrue(file.location().endsWith("/orders.backup"), file::location);
        }
        assertThrows(CommandException.class, () -> Kept.place(given, "s3://backups/key", environment));
    }

    @Test
    void recoveryTellsProgramsWhatItFoundAndWhatItDid() throws IOException {
        Path data = copy.directory;
        String examined = copy.run(0, NOW, "recover", "--data", data, "--report", report);
        JsonNode found = new ObjectMapper().readTree(Files.readString(report));
        assertEquals("examined", found.path("outcome").asText());
        assertEquals("7-11", found.path("lastLogged").asText());
        assertEquals(2, found.path("node").asInt());
        String code = found.path("code").asText();
        assertTrue(examined.contains("--confirm " + code), examined);
        copy.run(64, NOW, "recover", "--data", data, "--confirm", "0000-0000", "--report", report);
        assertEquals(
                64,
                new ObjectMapper()
                        .readTree(Files.readString(report))
                        .path("exit")
                        .asInt());
        copy.run(0, NOW, "recover", "--data", data, "--confirm", code, "--report", report);
        JsonNode done = new ObjectMapper().readTree(Files.readString(report));
        assertEquals("recovered", done.path("outcome").asText());
        assertEquals(NOW, done.path("generation").asLong());
    }
}

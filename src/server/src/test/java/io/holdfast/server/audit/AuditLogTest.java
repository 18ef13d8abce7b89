package io.holdfast.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.config.AuditConfig;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    private static final long PAUSE_NANOS = 5_000_000;
    private static final Operation ADD = Operation.of("addMember");

    @TempDir
    private Path dir;

    private AuditLog log;

    @AfterEach
    void stop() {
        if (log != null) {
            log.stop();
        }
    }

    private Path file() {
        return dir.resolve("d").resolve("audit.log");
    }

    private AuditLog start(String... settings) throws IOException {
        Files.createDirectories(file().getParent());
        Map<String, String> values = new TreeMap<>(Map.of("holdfast.audit.file", file().toString()));
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            values.put("holdfast.audit." + parts[0], parts[1]);
        }
        log = new AuditLog(1, config(values));
        log.start();
        return log;
    }

    private static AuditConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(values)
                .withMapping(HoldfastConfig.class)
                .build()
                .getConfigMapping(HoldfastConfig.class)
                .audit();
    }

    private static AuditRecord record(String detail) {
        AuditedCall call = new AuditedCall(ADD, 0).detail(detail);
        var end = new AuditRecord.End(true, 200, 1, null, "0-0", null, new AuditRecord.Origin("r", "tls", null));
        return new AuditRecord(call, 1, end, 0);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRecordIsInAFileOfItsOwnerAlone() throws Exception {
        start().offer(record("first"), false);
        await("the line", () -> lines(file()).size() == 1);
        assertTrue(lines(file()).get(0).contains("\"operation\":\"addMember\""), lines(file())::toString);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void whatWaitsIsWrittenBeforeTheNodeEnds() throws Exception {
        start();
        IntStream.range(0, 1_000).forEach(i -> log.offer(record("r" + i), false));
        log.offer(record("refused"), true);
        log.offer(record("refused"), true);
        log.stop();
        assertEquals(1_002, lines(file()).size());
        assertTrue(
                lines(file()).get(1_001).endsWith("\"count\":1}"),
                () -> lines(file()).get(1_001));
    }

    @Test
    void aFileThatWasMovedIsOpenedAgain() throws Exception {
        start().offer(record("first"), false);
        await("the line", () -> lines(file()).size() == 1);
        Files.move(file(), file().resolveSibling("moved"));
        log.offer(record("second"), false);
        await("the line in a new file", () -> lines(file()).size() == 1);
        assertEquals(1, lines(file().resolveSibling("moved")).size());
    }

    @Test
    void aLargeFileIsMovedAndSoManyAreKept() throws Exception {
        start("file-size=2K", "files-kept=2");
        IntStream.range(0, 100).forEach(i -> log.offer(record("r" + i), false));
        log.stop();
        assertTrue(lines(file()).get(lines(file()).size() - 1).contains("r99"));
        try (var files = Files.list(file().getParent())) {
            assertEquals(
                    List.of("audit.log", "audit.log.1", "audit.log.2"),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
        for (Path each : List.of(file(), file().resolveSibling("audit.log.1"), file().resolveSibling("audit.log.2"))) {
            assertTrue(Files.size(each) <= 2_048, each::toString);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
    }

    @Test
    void administrationIsRefusedWhileTheFileCannotBeWritten() throws Exception {
        start("mandatory=true");
        assertFalse(log.isUnableAndMandatory());
        Path away = dir.resolve("away");
        Files.move(file().getParent(), away);
        log.offer(record("waits"), false);
        await("the file is seen to be away", log::isUnableAndMandatory);
        IntStream.range(0, AuditLog.QUEUE_MAX + 100).forEach(i -> log.offer(record("r" + i), false));
        long lost = log.lost();
        assertTrue(lost == 100 || lost == 99, () -> "lost: " + lost);
        Files.move(away, file().getParent());
        await("the file is seen to be back", () -> !log.isUnableAndMandatory());
        await("what waited is there", () -> lines(file()).size() == AuditLog.QUEUE_MAX + 102 - lost);
        List<String> lines = lines(file());
        assertTrue(lines.get(0).contains("waits"), lines.get(0));
        assertTrue(
                lines.get(1).endsWith("\"operation\":\"audit\",\"outcome\":\"lost\",\"count\":" + lost + "}"),
                lines.get(1));
    }

    @Test
    void aWrongSettingIsNamed() throws Exception {
        var mandatory = assertThrows(
                BadConfiguration.class, () -> new AuditLog(1, config(Map.of("holdfast.audit.mandatory", "true"))));
        assertEquals("holdfast.audit.mandatory: needs holdfast.audit.file: set one, or false", mandatory.getMessage());
        for (String wrong : List.of("none/audit.log", ".")) {
            AuditLog bad = new AuditLog(
                    1, config(Map.of("holdfast.audit.file", dir.resolve(wrong).toString())));
            var refused = assertThrows(BadConfiguration.class, bad::start);
            assertTrue(
                    refused.getMessage().startsWith("holdfast.audit.file: cannot be written: "), refused::getMessage);
        }
    }
}

package io.holdfast.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void aQuickRunIsShorterAndWhatIsSaidBesideItCounts() {
        var options = Options.parse("--quick", "--clients", "1,64", "--trials", "7", "--systems", "holdfast,etcd");
        assertEquals(
                new Options(
                        Path.of("src/server/target/holdfast-server.jar"),
                        Path.of("target/bench"),
                        List.of("holdfast", "etcd"),
                        List.of(1, 64),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(3),
                        7,
                        List.of("locks"),
                        List.of()),
                options);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertTrue(message("--seconds", "soon").contains("'soon'"));
        assertTrue(message("--speed", "9").contains("--speed"));
        assertTrue(message("--work").contains("--work"));
        assertTrue(message("--set", "fast").contains("key=value"));
        assertTrue(message("--systems", "redis").contains("redis"));
    }

    private static String message(String... arguments) {
        return assertThrows(IllegalArgumentException.class, () -> Options.parse(arguments))
                .getMessage();
    }
}

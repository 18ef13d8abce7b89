package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/**
 * Bytes that lie in logs and snapshots, or travel between releases, as they were when the format was fixed: lines of a
 * name and hexadecimal digits under {@code src/test/resources/golden}. A difference is a change of format, which
 * belongs to a level that no release has; {@code -Dgolden.write=true} writes the files anew.
 */
final class Golden {

    private static final Path FILES = Path.of("src/test/resources/golden");

    private Golden() {}

    static void check(String file, Map<String, byte[]> now) throws IOException {
        StringBuilder text = new StringBuilder();
        now.forEach((name, bytes) -> text.append(name)
                .append(' ')
                .append(HexFormat.of().formatHex(bytes))
                .append('\n'));
        Path path = FILES.resolve(file);
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(FILES);
            Files.writeString(path, text, StandardCharsets.UTF_8);
        }
        assertEquals(Files.readString(path, StandardCharsets.UTF_8), text.toString(), "a format changed: " + file);
    }
}

package io.holdfast.quarkus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The code of docs/guides/quarkus-cdi.md: what stands there is in the application that {@link TwoApplicationsIT} runs.
 */
class QuarkusCdiPageTest {

    @Test
    void theCodeOfThePageIsThatOfTheApplication() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        String page = Files.readString(root.resolve("docs/guides/quarkus-cdi.md"));
        String application;
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/holdfast/quarkus"))) {
            application = sources.map(QuarkusCdiPageTest::text)
                    .map(QuarkusCdiPageTest::bare)
                    .collect(Collectors.joining());
        }
        List<String> blocks = Stream.of(page.split("```java\n"))
                .skip(1)
                .map(block -> block.substring(0, block.indexOf("```")))
                .toList();
        assertEquals(5, blocks.size());
        blocks.forEach(block -> assertTrue(application.contains(bare(block)), block));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what a formatter decides. */
    private static String bare(String code) {
        return code.chars()
                .filter(c -> !Character.isWhitespace(c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}

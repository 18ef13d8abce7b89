package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The blocks of Java of a documentation page, which are part of code that is compiled and runs. */
public final class PageCode {

    private PageCode() {}

    /**
     * Fails unless the page has that many blocks, and each is in the code, whitespace apart.
     *
     * @param page path from the root of the repository
     * @param code the same; of a file, or of a directory of them
     */
    public static void assertPartOf(String page, int blocks, String code) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        String compiled;
        try (Stream<Path> files = Files.walk(root.resolve(code))) {
            compiled = files.filter(Files::isRegularFile).map(PageCode::text).collect(Collectors.joining());
        }
        List<String> onPage = Stream.of(text(root.resolve(page)).split("```java\n"))
                .skip(1)
                .map(block -> block.substring(0, block.indexOf("```")))
                .toList();
        assertEquals(blocks, onPage.size());
        String bare = bare(compiled);
        onPage.forEach(block -> assertTrue(bare.contains(bare(block)), block));
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
        return code.replaceAll("\\s", "");
    }
}

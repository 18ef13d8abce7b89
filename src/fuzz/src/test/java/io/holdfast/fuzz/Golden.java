package io.holdfast.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/** The bytes of all formats as their modules hold them: lines of a name and hexadecimal digits. */
public final class Golden {

    private Golden() {}

    /** Returns the bytes of the lines whose name is accepted; fails when there is none. */
    public static List<byte[]> of(String file, Predicate<String> name) {
        List<byte[]> found = text("/golden/" + file)
                .lines()
                .filter(line -> name.test(line.substring(0, line.lastIndexOf(' '))))
                .map(line -> HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError("no such line in " + file);
        }
        return found;
    }

    /** Returns a resource as text. */
    public static String text(String resource) {
        try (InputStream in = Golden.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.holdfast.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * All targets, or the one of {@code -Dholdfast.fuzz.target}, for Jazzer: the first byte of an input chooses among them,
 * and the others are read.
 */
public final class JazzerTarget {

    private static final List<FuzzTarget> CHOSEN = chosen(System.getProperty("holdfast.fuzz.target", "all"));

    private JazzerTarget() {}

    private static List<FuzzTarget> chosen(String name) {
        return name.equals("all") ? Targets.ALL : List.of(FuzzTest.named(name));
    }

    /** Called by Jazzer for each input. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            CHOSEN.get(Byte.toUnsignedInt(input[0]) % CHOSEN.size()).takes(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** Writes the samples into a directory, for Jazzer to begin with. */
    public static void main(String[] arguments) throws IOException {
        Path corpus = Files.createDirectories(Path.of(arguments[0]));
        for (int target = 0; target < CHOSEN.size(); target++) {
            int number = 0;
            for (byte[] sample : CHOSEN.get(target).samples()) {
                ByteArrayOutputStream input = new ByteArrayOutputStream();
                input.write(target);
                input.writeBytes(sample);
                Files.write(corpus.resolve(CHOSEN.get(target).name() + "-" + number++), input.toByteArray());
            }
        }
    }
}

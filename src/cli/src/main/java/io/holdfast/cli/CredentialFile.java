package io.holdfast.cli;

import io.holdfast.client.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A credential in a file: one line, which is sent as {@code Bearer}. Read again when a node refuses it. Any thread. */
final class CredentialFile {

    private static final int BYTES_MAX = 16 << 10;

    private CredentialFile() {}

    /**
     * Reads the file.
     *
     * @param file its path; {@code -} for standard input, which is read once
     * @param name of the setting
     * @throws CommandException when there is no credential in it
     */
    static Credential read(String file, String name, Shell shell) {
        if (file.equals("-")) {
            String value =
                    header(bytes(() -> shell.in().readNBytes(BYTES_MAX + 1), "standard input", name), file, name);
            return anew -> value;
        }
        return new FromFile(file, name, readFile(file, name));
    }

    /** Reads the file again when its credential is refused. */
    private static final class FromFile implements Credential {
        private final String file;
        private final String name;
        private volatile String value;

        FromFile(String file, String name, String value) {
            this.file = file;
            this.name = name;
            this.value = value;
        }

        @Override
        public String authorization(boolean anew) {
            if (anew) {
                try {
                    value = readFile(file, name);
                } catch (CommandException e) {
                    // That the old one is refused is said anyway.
                    System.getLogger(CredentialFile.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
                }
            }
            return value;
        }
    }

    private interface Reads {
        byte[] read() throws IOException;
    }

    private static String readFile(String file, String name) {
        return header(
                bytes(
                        () -> {
                            try (var stream = Files.newInputStream(Path.of(file))) {
                                return stream.readNBytes(BYTES_MAX + 1);
                            }
                        },
                        file,
                        name),
                file,
                name);
    }

    private static byte[] bytes(Reads reads, String file, String name) {
        try {
            return reads.read();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw CommandException.usage(name + ": cannot read " + file + ": " + FileFailures.words(e));
        }
    }

    private static String header(byte[] bytes, String file, String name) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        boolean plain = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (text.isEmpty() || bytes.length > BYTES_MAX || !plain) {
            throw CommandException.usage(
                    name + ": " + file + " has no credential; it is one line without spaces, of 16 KiB at most");
        }
        return "Bearer " + text;
    }
}

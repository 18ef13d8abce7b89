package io.holdfast.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file with a secret that only its owner can read. It is made beside its place before there is a secret, so that a
 * secret that is shown once can be kept; its readers see all of it or what was there before.
 */
final class SecretFile implements AutoCloseable {

    private final Path file;
    private final Path next;
    private final boolean replace;

    private SecretFile(Path file, Path next, boolean replace) {
        this.file = file;
        this.next = next;
        this.replace = replace;
    }

    /**
     * Makes the place.
     *
     * @param replace whether there may be a file of that name, which the secret then takes the place of
     * @throws CommandException when that is not possible
     */
    static SecretFile at(String name, boolean replace) {
        try {
            Path file = Path.of(name).toAbsolutePath();
            if (!replace && Files.exists(file)) {
                throw CommandException.usage(
                        file + " exists; give another --out, or --replace to have the new key take its place");
            }
            Path directory = file.getParent();
            if (directory == null || Files.isDirectory(file)) {
                throw CommandException.usage(file + " is a directory; give --out the name of a file");
            }
            return new SecretFile(file, Files.createTempFile(directory, "key", ".new", ownersOnly(directory)), replace);
        } catch (InvalidPathException e) {
            throw CommandException.usage("--out is no path: " + Words.plain(name));
        } catch (IOException e) {
            throw CommandException.usage("cannot write " + name + ": " + FileFailures.words(e));
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path directory) throws IOException {
        return Files.getFileStore(directory).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Writes the secret as one line.
     *
     * @throws IOException when it could not be written; nothing changed then
     */
    void write(String secret) throws IOException {
        Files.writeString(next, secret + "\n", StandardCharsets.US_ASCII);
        if (replace) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } else if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        } else {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(next);
        } catch (IOException e) {
            // Empty, or with a secret that only the owner reads.
            System.getLogger(SecretFile.class.getName()).log(System.Logger.Level.DEBUG, "not deleted", e);
        }
    }
}

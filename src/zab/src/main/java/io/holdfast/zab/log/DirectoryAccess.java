package io.holdfast.zab.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that this process may use a data directory before anything in it is read, and says why it may not: whose it
 * is, what its mode is, and the user of the process.
 */
final class DirectoryAccess {

    private DirectoryAccess() {}

    /**
     * Creates the directory when it does not exist.
     *
     * @throws DirectoryNotAccessibleException when this process may not
     */
    static void create(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (AccessDeniedException e) {
            Path present = directory;
            while (present.getParent() != null && Files.notExists(present)) {
                present = present.getParent();
            }
            throw refused("create " + directory, present, e);
        } catch (FileSystemException e) {
            throw refused("create " + directory, directory, e);
        }
    }

    /**
     * Opens every regular file of the directory but one as recovery does. Opening tells more than modes do: a file
     * system that is mounted read-only shows it only here.
     *
     * @param lock the file that is not opened: closing it again would end the lock that this process may have on it
     * @throws DirectoryNotAccessibleException naming the first path that this process may not read and write
     */
    static void check(Path directory, String lock) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(lock))
                    .sorted()
                    .toList();
        } catch (AccessDeniedException e) {
            throw refused("list " + directory, directory, e);
        }
        for (Path file : files) {
            try {
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        .close();
            } catch (FileSystemException e) {
                throw refused("read and write " + file, file, e);
            }
        }
    }

    /** Returns what to throw for a failed attempt to {@code action}. */
    static IOException refused(String action, Path path, FileSystemException cause) {
        String reason = cause instanceof AccessDeniedException ? "permission denied" : cause.getReason();
        return new DirectoryNotAccessibleException(
                "this process, which runs as user " + System.getProperty("user.name") + ", cannot " + action + " ("
                        + reason + "): " + describe(path),
                cause);
    }

    private static String describe(Path path) {
        try {
            PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class);
            return path + " belongs to user " + is.owner().getName() + " and has mode "
                    + PosixFilePermissions.toString(is.permissions());
        } catch (IOException | UnsupportedOperationException e) {
            return "the owner of " + path + " cannot be read";
        }
    }
}

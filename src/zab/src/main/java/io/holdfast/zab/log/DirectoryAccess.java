package io.holdfast.zab.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Checks that this process may use a data directory before anything in it is read, and says why it may not: whose it
 * is, what its mode is, and the user of the process.
 */
final class DirectoryAccess {

    private static final Logger LOG = Logger.getLogger("io.holdfast.zab");
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_OF_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?>[] NONE = {};
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("------rwx");

    private DirectoryAccess() {}

    /**
     * Creates the directory when it does not exist, for this user alone; takes it from users outside of its group when
     * it does.
     *
     * @throws DirectoryNotAccessibleException when this process may not
     */
    static void create(Path directory) throws IOException {
        try {
            if (Files.isDirectory(directory)) {
                close(directory);
            } else {
                Files.createDirectories(directory, ofPosix(directory, OWNER_ONLY));
            }
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

    /** Returns the attributes of a file that is created in a directory: its owner alone may read it. */
    static FileAttribute<?>[] ofNewFile(Path directory) {
        return ofPosix(directory, FILE_OF_OWNER);
    }

    /** Returns the attributes of a directory that is created in a directory. */
    static FileAttribute<?>[] ofNewDirectory(Path directory) {
        return ofPosix(directory, OWNER_ONLY);
    }

    /** A file system without modes has other means. */
    private static FileAttribute<?>[] ofPosix(Path path, FileAttribute<?> attribute) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {attribute}
                : NONE;
    }

    /** Its files have locks, names and hashes of keys. The group may be the one that a volume was given to. */
    private static void close(Path directory) {
        try {
            Set<PosixFilePermission> modes = EnumSet.noneOf(PosixFilePermission.class);
            modes.addAll(Files.getPosixFilePermissions(directory));
            String before = PosixFilePermissions.toString(modes);
            if (modes.removeAll(OF_OTHERS)) {
                Files.setPosixFilePermissions(directory, modes);
                LOG.warnf("the mode of %s was %s: other users may not enter it any more", directory, before);
            }
        } catch (UnsupportedOperationException e) {
            LOG.debugf(e, "%s has no modes", directory);
        } catch (IOException e) {
            LOG.warnf(
                    "other users of this machine may enter %s, and this process may not change that: %s", directory, e);
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

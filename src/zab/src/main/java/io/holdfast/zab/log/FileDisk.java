package io.holdfast.zab.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Disk} of production: a directory of a local file system. The only class that sees {@code java.nio.file}.
 */
public final class FileDisk implements Disk {

    private static final String LOCK = "lock";

    private final Path directory;
    private @Nullable FileChannel lockChannel;

    private FileDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens a directory and creates it when it does not exist.
     *
     * @throws DirectoryNotAccessibleException when this process may not use it or a file in it
     * @throws IOException when it cannot be created or is no directory
     */
    public static FileDisk at(String directory) throws IOException {
        Path path = Path.of(directory).toAbsolutePath().normalize();
        Path existing = existingAncestor(path);
        DirectoryAccess.create(path);
        DirectoryAccess.check(path, LOCK);
        // A power cut may take every directory whose entry in its parent is not durable, with all that is below it.
        for (Path made = path; !made.equals(existing); made = parentOf(made)) {
            syncDirectory(parentOf(made));
        }
        return new FileDisk(path);
    }

    private static Path existingAncestor(Path path) {
        Path existing = path;
        while (Files.notExists(existing)) {
            existing = parentOf(existing);
        }
        return existing;
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNullElse(path.getParent(), path.getRoot());
    }

    /** Returns whether there is such a directory. */
    public static boolean exists(String directory) {
        return Files.isDirectory(Path.of(directory));
    }

    /**
     * Opens one file for reading, wherever it is.
     *
     * @throws IOException when it is not there or cannot be read
     */
    static DiskFile readOnly(String path) throws IOException {
        try {
            return new OpenFile(FileChannel.open(Path.of(path), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    /**
     * Gives every file of this directory a second name in a directory beneath it, durably; where a file system has no
     * second names, a copy. What is there from an earlier try stays.
     */
    public void keepAside(String subdirectory) throws IOException {
        Path aside =
                Files.createDirectories(directory.resolve(subdirectory), DirectoryAccess.ofNewDirectory(directory));
        for (String name : list()) {
            Path target = aside.resolve(name);
            if (Files.exists(target)) {
                continue;
            }
            try {
                Files.createLink(target, directory.resolve(name));
            } catch (UnsupportedOperationException | FileSystemException e) {
                Files.copy(directory.resolve(name), target);
                try (FileChannel copy = FileChannel.open(target, StandardOpenOption.WRITE)) {
                    copy.force(true);
                }
            }
        }
        syncDirectory(aside);
        syncDirectory(directory);
    }

    @Override
    public String location() {
        return directory.toString();
    }

    @Override
    public synchronized boolean lock() throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    directory.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    DirectoryAccess.ofNewFile(directory));
        } catch (FileSystemException e) {
            throw DirectoryAccess.refused("write to " + directory, directory, e);
        }
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return false;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            return false;
        }
        lockChannel = channel;
        return true;
    }

    @Override
    public SortedSet<String> list() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(Files::isRegularFile)
                    .map(entry -> entry.toFile().getName())
                    .forEach(names::add);
        }
        names.remove(LOCK);
        return names;
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new OpenFile(FileChannel.open(
                directory.resolve(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                DirectoryAccess.ofNewFile(directory)));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new OpenFile(
                FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        syncDirectory(directory);
    }

    @Override
    public long usableSpace() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lockChannel != null) {
            lockChannel.close();
            lockChannel = null;
        }
    }

    private static void syncDirectory(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record OpenFile(FileChannel channel) implements DiskFile {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int count = channel.read(into, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public void force() throws IOException {
            // false is fdatasync: it makes the data durable and, when the file grew, its length too.
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

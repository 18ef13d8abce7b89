package io.holdfast.server.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of the record: lines are appended whole or not at all, it is moved when it is large, and opened again when
 * another program moved it. For one thread.
 */
final class AuditFile implements AutoCloseable {

    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private static final boolean HAS_MODES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final FileAttribute<?>[] MODE = HAS_MODES
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];

    private final Path path;
    private final long sizeMax;
    private final int kept;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long size;

    /**
     * Creates one that is not open.
     *
     * @param sizeMax bytes from which it is moved
     * @param kept moved files that are kept; 0 never moves it
     */
    AuditFile(Path path, long sizeMax, int kept) {
        this.path = path;
        this.sizeMax = sizeMax;
        this.kept = kept;
    }

    /** Opens it unless the open one is still at its path. */
    void open() throws IOException {
        if (channel != null && isInPlace()) {
            return;
        }
        close();
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + " is no regular file");
        }
        FileChannel opened = FileChannel.open(path, APPEND, MODE);
        try {
            size = opened.size();
            key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
    }

    private boolean isInPlace() throws IOException {
        try {
            BasicFileAttributes there = Files.readAttributes(path, BasicFileAttributes.class);
            // A file that was emptied in place, as some programs do, goes on from its beginning.
            size = there.size();
            return there.fileKey() == null || there.fileKey().equals(key);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Appends a line, all of it or nothing. */
    void append(String line) throws IOException {
        byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
        if (kept > 0 && size > 0 && size + bytes.length > sizeMax) {
            move();
        }
        FileChannel open = channel;
        if (open == null) {
            throw new IOException(path + " is not open");
        }
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                open.write(left);
            }
            size += bytes.length;
        } catch (IOException e) {
            undo(open);
            throw e;
        }
    }

    /** A disk that is full may have taken a part of the line. */
    private void undo(FileChannel open) throws IOException {
        try {
            open.truncate(size);
        } finally {
            close();
        }
    }

    private void move() throws IOException {
        close();
        for (int i = kept; i > 0; i--) {
            Path from = i == 1 ? path : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}

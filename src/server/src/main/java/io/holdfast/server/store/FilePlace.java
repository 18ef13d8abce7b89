package io.holdfast.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file, in a directory that is made when it is missing. */
final class FilePlace implements Place {

    private final Path file;

    FilePlace(Path file) {
        this.file = file;
    }

    @Override
    public String location() {
        return file.toString();
    }

    @Override
    public boolean put(Path source) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        Path directory = file.getParent();
        Path name = file.getFileName();
        if (directory == null || name == null) {
            throw new IOException(file + " is no name of a file");
        }
        Path part = null;
        try {
            Files.createDirectories(directory);
            part = Files.createTempFile(directory, "." + name, ".part");
            // Into the file that is there: its owner alone may read it.
            try (OutputStream out = Files.newOutputStream(part)) {
                Files.copy(source, out);
            }
            sync(part, StandardOpenOption.WRITE);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            sync(directory, StandardOpenOption.READ);
            return true;
        } catch (FileSystemException e) {
            throw failed("written", e);
        } finally {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    @Override
    public boolean copyTo(OutputStream out) throws IOException {
        try {
            Files.copy(file, out);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            throw failed("read", e);
        }
    }

    @Override
    public byte @Nullable [] head(int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void delete() throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (FileSystemException e) {
            throw failed("deleted", e);
        }
    }

    private IOException failed(String how, FileSystemException e) {
        String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        String why = e instanceof AccessDeniedException ? "this process has no access to " + e.getFile() : reason;
        return new IOException(file + " cannot be " + how + ": " + why, e);
    }
}
